"""Home, the page of a community, and the navigation around every page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from flask import Flask, Response, g
from flask_login import current_user

from cop import access
from cop.access.rights import AudienceRow
from cop.base import text
from cop.base.web import Routes, endpoint, render, respond
from cop.base.web.pages import context, part
from cop.home import models
from cop.home.moderating import moderating
from cop.home.since import news
from cop.notices.models import listed
from cop.partnerships.models import asked_check_ins, undescribed
from cop.programmes.forms import CommunityOut
from cop.society.memberships import members
from cop.society.people import Person
from cop.society.programmes import Community
from cop.society.visits import previous_visit, visits
from cop.things import kinds

routes = Routes("home", __name__)


@routes.get("/")
@endpoint("home.show")
def show() -> Response:
    """Show home: what is new since the previous visit, notices, and per programme threads, questions and documents."""
    person, rights = current_user._get_current_object(), access.rights(current_user)
    mine = list(rights.roles)
    curated = [c for c in rights.communities if c.role in access.CURATORS]
    since = previous_visit(person.id)
    partner = any(row.kind == "partnership" for row in rights.audiences.values())
    return respond(
        page="home/show.html",
        communities=rights.communities,
        # Programmes and partnerships of people who are in no community yet.
        others_here=[row for row in rights.audiences.values() if row.kind != "community"],
        audiences=rights.audiences,
        writes=[c for c in rights.communities if c.writable],
        leads=[row for row in rights.audiences.values() if row.kind == "programme" and row.role == "team"],
        check_ins=asked_check_ins(person) if partner else [],
        undescribed=undescribed(person) if partner else [],
        rooms=models.rooms(person, [c.audience_id for c in rights.communities]),
        news=news(person, mine, [c.id for c in rights.communities], since) if since and mine else None,
        moderating=moderating([c.audience_id for c in curated], [c.id for c in curated]) if curated else None,
        programmes=[_programme(person, rights, programme) for programme in programmes_of(rights)],
        featured=models.featured(mine, 2),
        excerpt=text.excerpt,
        notices=listed(person, limit=5, show="unread").items,
    )


@dataclass(frozen=True)
class ProgrammeRow:
    """A programme with the communities of a person in it; `url` is "" where they may not see its page."""

    id: int
    name: str
    url: str
    communities: list[AudienceRow]


def programmes_of(rights: access.Rights) -> list[ProgrammeRow]:
    """Return the programmes in which a person takes part, each with their communities in it."""
    own = {row.id: row for row in rights.audiences.values() if row.kind == "programme"}
    ids = dict.fromkeys([*(row.programme_id for row in rights.communities), *own])
    return [
        ProgrammeRow(
            id,
            own[id].name if id in own else "",
            own[id].url if id in own else "",
            [row for row in rights.communities if row.programme_id == id],
        )
        for id in ids
    ]


def _programme(person: Person, rights: access.Rights, programme: ProgrammeRow) -> dict[str, Any]:
    """Return what home shows of one programme."""
    here = [row.audience_id for row in rights.audiences.values() if row.programme_id == programme.id]
    return {
        "row": programme,
        "unread": models.unread_threads(person, here),
        "questions": models.open_questions(person, here),
        "documents": models.latest_documents(here),
    }


@routes.get("/communities/<slug>")
@endpoint("communities.show", gives=CommunityOut)
def community(slug: str) -> Response:
    """Show a community: featured threads, latest activity, documents and members."""
    found = access.find(current_user, Community, slug=slug)
    here, role = [found.audience_id], access.rights(current_user).role_for(found)
    people = [person for person in members(found) if person.entered]
    out = CommunityOut(
        id=found.id,
        slug=found.slug,
        name=found.name,
        url=found.url,
        purpose=found.purpose,
        themes=found.themes,
        role=role,
    )
    return respond(
        out,
        page="home/community.html",
        community=found,
        programme=found.programme,
        role=role,
        rooms=models.rooms(current_user, here),
        featured=models.featured(here),
        latest=models.latest(here),
        recent=models.recent(here),
        kind_of=kinds.get,
        documents=models.latest_documents(here),
        members=people,
        excerpt=text.excerpt,
        may_write=access.may(current_user, "threads.start", found),
        may_edit=access.may(current_user, "communities.edit", found),
    )


def page_context(given: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the viewer and the rendered navigation, for every full page."""
    viewer = current_user._get_current_object()  # the person, not the proxy, which is slow to read a hundred times
    if not viewer.is_authenticated:
        return {"viewer": None}, {"masthead": render("shared/_masthead.html", viewer=None), "places": "", "count": ""}
    unread, theme, here = g.prefetched["unread"], given["theme"], _here(given)
    visits.note(viewer.id)

    def masthead() -> dict[str, Any]:
        return {"viewer": viewer, "unread": unread, "theme": theme, "own": _administration(viewer)}

    def places() -> dict[str, Any]:
        return {"programmes": programmes_of(access.rights(viewer)), "here": here}

    return {"viewer": viewer}, {
        "masthead": part("shared/_masthead.html", (viewer.id, unread, theme, viewer.entered is None), masthead),
        "places": part("shared/_places.html", (viewer.id, here), places) if viewer.entered else "",
        "count": f"({unread}) " if unread else "",
    }


def _here(given: dict[str, Any]) -> str | None:
    """Return the address of the community or programme of a page, "/" for home, None elsewhere."""
    path = given["path"]
    if path == "/":
        return "/"
    slug: str | None = getattr(given.get("community"), "slug", None)
    if slug:
        return f"/communities/{slug}"
    inside = re.match(r"/(?:communities|programmes)/[^/]+", path)
    return inside[0] if inside else None


def _administration(viewer: Any) -> Any:
    """Return what the viewer may manage, for their menu; None for a plain member."""
    people, organisations, platform = (
        access.may(viewer, verb, None) for verb in ("people.add", "organisations.add", "jobs.revive")
    )
    mine = access.rights(viewer)
    moderated = [community for community in mine.communities if community.role == "moderator"]
    if not (people or organisations or platform or moderated):
        return None
    # People who may add organisations are programme team or administrator.
    return SimpleNamespace(
        programmes=organisations, people=people, organisations=organisations, platform=platform, communities=moderated
    )


def open_feature(app: Flask) -> None:
    """Register the context of every page: the viewer and the navigation."""
    context(app, page_context)
