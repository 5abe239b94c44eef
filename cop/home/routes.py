"""Home, the page of a community, and the navigation around every page."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from flask import Flask, Response, g
from flask_login import current_user

from cop import access
from cop.base import text
from cop.base.web import Routes, endpoint, render, respond
from cop.base.web.pages import context, part
from cop.home import models
from cop.notices.models import listed
from cop.programmes.forms import CommunityOut
from cop.society.memberships import members
from cop.society.programmes import Community
from cop.things import kinds

routes = Routes("home", __name__)


@routes.get("/")
@endpoint("home.show")
def show() -> Response:
    """Show home: notices, unread threads, open questions, documents and chat."""
    rights = access.rights(current_user)
    mine = list(rights.roles)
    rooms = models.rooms(mine)
    writes = [c for c in rights.communities if c.role in access.WRITERS]
    return respond(
        page="home/show.html",
        communities=rights.communities,
        audiences=rights.audiences,
        writes=writes,
        rooms=rooms,
        others=models.others_in(rooms, current_user),
        unread=models.unread_threads(current_user, mine),
        questions=models.open_questions(current_user, mine),
        documents=models.latest_documents(mine),
        featured=models.featured(mine, 2),
        excerpt=text.excerpt,
        notices=listed(current_user._get_current_object(), limit=5, unread=True).items,
    )


@routes.get("/communities/<slug>")
@endpoint("communities.show", gives=CommunityOut)
def community(slug: str) -> Response:
    """Show a community: featured threads, latest activity, documents and members."""
    found = access.find(current_user, Community, slug=slug)
    here, role = [found.audience_id], access.rights(current_user).role_for(found)
    rooms = models.rooms(here)
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
        rooms=rooms,
        others=models.others_in(rooms, current_user),
        featured=models.featured(here),
        latest=models.latest(here),
        recent=models.recent(here),
        kind_of=kinds.get,
        documents=models.latest_documents(here),
        members=people,
        excerpt=text.excerpt,
        may_write=role in access.WRITERS,
        may_edit=access.may(current_user, "communities.edit", found),
    )


def page_context(given: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the viewer and the rendered navigation, for every full page."""
    viewer = current_user._get_current_object()  # the person, not the proxy, which is slow to read a hundred times
    if not viewer.is_authenticated:
        return {"viewer": None}, {"masthead": render("shared/_masthead.html", viewer=None), "places": "", "count": ""}
    unread, theme, here = g.prefetched["unread"], given["theme"], _here(given)

    def masthead() -> dict[str, Any]:
        return {"viewer": viewer, "unread": unread, "theme": theme, "own": _administration(viewer)}

    def places() -> dict[str, Any]:
        return {"communities": access.rights(viewer).communities, "here": here}

    return {"viewer": viewer}, {
        "masthead": part("shared/_masthead.html", (viewer.id, unread, theme), masthead),
        "places": part("shared/_places.html", (viewer.id, here), places),
        "count": f"({unread}) " if unread else "",
    }


def _here(given: dict[str, Any]) -> str | None:
    """Return the slug of the community of a page, "" for home, None elsewhere."""
    path = given["path"]
    if path == "/":
        return ""
    slug: str | None = getattr(given.get("community"), "slug", None)
    return slug or (path.split("/", 3)[2] if path.startswith("/communities/") else None)


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
