"""Home, the page of a community, and the navigation around every page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from xml.sax.saxutils import escape

from flask import Flask, Response, current_app, g
from flask_login import current_user

from cop import access
from cop.base import clock, text
from cop.base.errors import SignInNeeded
from cop.base.hooks import hooks
from cop.base.web import Routes, endpoint, render, requested_format, respond
from cop.base.web.pages import context, part
from cop.home import models, sections
from cop.home.meetings import next_meeting
from cop.home.meetings import section as meeting_section
from cop.home.moderating import moderating
from cop.home.phases import ProgrammeRow, emphasised, facts_of, programmes_of, shown
from cop.home.promised import ahead
from cop.home.promised import section as promised_section
from cop.home.since import news
from cop.notices.models import MOST_UNREAD, listed
from cop.partnerships.models import asked_check_ins, undescribed
from cop.programmes.forms import CommunityOut
from cop.programmes.public import every_published, running
from cop.society.memberships import company
from cop.society.people import Person
from cop.society.programmes import Community, Programme
from cop.society.visits import previous_visit, visits
from cop.things import kinds

routes = Routes("home", __name__)
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"  # the namespace of its XML


@routes.get("/")
@endpoint("home.show", open=True)
def show() -> Response:
    """Show home: what is new since the previous visit, notices, and the blocks and prompts of each programme.

    To people who are not signed in: the published programmes and their open calls.
    """
    if not current_user.is_authenticated:
        return front()
    person, rights = current_user._get_current_object(), access.rights(current_user)
    mine = list(rights.roles)
    curated = [c for c in rights.communities if c.role in access.CURATORS]
    since = previous_visit(person.id)
    rooms = models.rooms(person, [c.audience_id for c in rights.communities])
    writes = [c for c in rights.communities if c.writable]
    leads = [row for row in rights.audiences.values() if row.kind == "programme" and row.role == "team"]
    # Programmes and partnerships of people who are in no community yet.
    others_here = [row for row in rights.audiences.values() if row.kind in ("programme", "partnership")]
    others, room = sum(row.others for row in rooms), rooms[0].id if len(rooms) == 1 else None
    here = programmes_of(rights)
    featured = sections.featured(models.featured(mine, 2))
    meeting, own = ahead(person, mine)
    partner = any(row.kind == "partnership" for row in rights.audiences.values())
    return respond(
        page="home/show.html",
        shell=(
            clock.today(),
            person.is_admin,
            tuple(row.slug for row in writes),
            *(tuple(row.id for row in rows) for rows in (rights.communities, others_here, leads)),
            others,
            room,
        ),
        slots={
            "attention": sections.attention(
                news(person, mine, [c.id for c in rights.communities], since) if since and mine else None,
                listed(person, limit=5, show="unread").items,
                moderating(person, [c.audience_id for c in curated], [c.id for c in curated]) if curated else None,
                rights.communities,
                rights.audiences,
            ),
            "asked": sections.asked(asked_check_ins(person), undescribed(person)) if partner else "",
            "meeting": meeting_section(meeting, rights),
            "promised": promised_section(own, rights),
            "programmes": sections.programmes([_sections(person, rights, one, len(here)) for one in here], featured),
        },
        communities=rights.communities,
        others_here=others_here,
        writes=writes,
        leads=leads,
        others=others,
        room=room,
        programmes=here,
    )


def front() -> Response:
    """Show the published programmes to people outside; without any, ask them to sign in."""
    programmes = running() if requested_format() != "json" else []
    if not programmes:
        raise SignInNeeded
    return respond(page="home/front.html", programmes=programmes)


@routes.get("/robots.txt")
@endpoint("home.robots", open=True)
def robots() -> Response:
    """Return robots.txt: the public pages alone may be read by search engines."""
    paths = ["/$", *(f"{path}$" for path in public_paths()), "/static/"] if running() else []
    lines = ["User-agent: *", *(f"Allow: {path}" for path in paths), "Disallow: /"]
    sitemap = f"{current_app.config['COP'].base_url}/sitemap.xml"
    return Response("\n".join([*lines, f"Sitemap: {sitemap}"]) + "\n", content_type="text/plain; charset=utf-8")


def _sections(person: Person, rights: access.Rights, programme: ProgrammeRow, number: int) -> dict[str, Any]:
    """Return what home shows of one programme, of this number: its blocks by its phase and emphases, and its prompts."""
    level, found = 3 if number > 1 else 2, shown(person, rights, programme)
    blocks = [sections.block(name, found[name], level, person.themes, rights.audiences) for name in found["blocks"]]
    return {**found, "sections": blocks}


@routes.get("/sitemap.xml")
@endpoint("home.sitemap", open=True)
def sitemap() -> Response:
    """Return the addresses of the public pages for search engines."""
    base, paths = current_app.config["COP"].base_url, list(public_paths())
    urls = "".join(f"<url><loc>{escape(base + path)}</loc></url>" for path in (["/", *paths] if running() else paths))
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="{SITEMAP}">{urls}</urlset>\n'
    return Response(body, content_type="application/xml; charset=utf-8")


def public_paths() -> Iterator[str]:
    """Yield the addresses of what everybody can read: published programmes, their open calls and documents."""
    for programme in every_published():
        yield programme.url
        yield from (call.url for call in hooks().public_calls(programme.id))
        yield from (file.url for file in hooks().public_documents(programme.id))


@routes.get("/communities/<slug>")
@endpoint("communities.show", gives=CommunityOut)
def community(slug: str) -> Response:
    """Show a community: featured threads, latest activity, documents and members."""
    found = access.find(current_user, Community, slug=slug)
    here, role = [found.audience_id], access.rights(current_user).role_for(found)
    rooms, featured, latest = models.rooms(current_user, here), models.featured(here), models.latest(found.audience_id)
    recent, documents = models.recent(here), models.latest_documents(here)
    meeting = next_meeting(current_user, [found.audience_id, found.programme.audience_id])
    rows: tuple[list[Any], ...] = (rooms, featured, latest, recent, documents)
    may_write, may_edit = (access.may(current_user, verb, found) for verb in ("threads.start", "communities.edit"))
    out = CommunityOut(
        id=found.id,
        slug=found.slug,
        name=found.name,
        url=found.url,
        purpose=found.purpose,
        themes=found.themes,
        emphasis=found.emphasis,
        role=role,
    )
    return respond(
        out,
        page="home/community.html",
        # The page is the same for everybody to whom it shows the same rows.
        shell=(found.id, clock.today(), *(tuple(one) for one in rows), tuple(found.emphasis), may_write, may_edit),
        slots={"meeting": meeting_section(meeting, access.rights(current_user))},
        community=found,
        programme=found.programme,
        rooms=rooms,
        featured=featured,
        latest=latest,
        recent=recent,
        kind_of=kinds.get,
        documents=documents,
        company=company(found),
        order=emphasised(found.emphasis, ("latest", "documents", "people")),
        excerpt=text.excerpt,
        may_write=may_write,
        may_edit=may_edit,
    )


def page_context(given: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the viewer and the rendered navigation, for every full page."""
    viewer = current_user._get_current_object()  # the person, not the proxy, which is slow to read a hundred times
    if not viewer.is_authenticated:
        return {"viewer": None}, {"masthead": render("shared/_masthead.html", viewer=None), "places": "", "count": ""}
    unread, theme, here = g.prefetched["unread"], given["theme"], _here(given)
    counted = str(unread) if unread < MOST_UNREAD else f"{MOST_UNREAD - 1}+"
    inside = _programme(given)
    visits.note(viewer.id)

    def masthead() -> dict[str, Any]:
        own = facts_of([one.id for one in programmes_of(access.rights(viewer))])
        current = own.get(inside) if inside else next(iter(own.values())) if len(own) == 1 else None
        more = {"unread_text": counted, "current": current, "programmes": list(own.values())}
        return {"viewer": viewer, "unread": unread, "theme": theme, "own": _administration(viewer), **more}

    def places() -> dict[str, Any]:
        return {"programmes": programmes_of(access.rights(viewer)), "here": here}

    return {"viewer": viewer}, {
        "masthead": part("shared/_masthead.html", (viewer.id, unread, theme, viewer.entered is None, inside), masthead),
        "places": part("shared/_places.html", (viewer.id, here), places) if viewer.entered else "",
        "count": f"({counted}) " if unread else "",
    }


def _programme(given: dict[str, Any]) -> int | None:
    """Return the id of the programme to which a page belongs."""
    programme = given.get("programme")
    if isinstance(programme, Programme):
        return programme.id
    id: int | None = getattr(given.get("community"), "programme_id", None)
    return id


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
    expert = "expert" in {*mine.roles.values(), *mine.guests.values()}
    if not (people or organisations or platform or moderated or mine.planned or expert):
        return None
    # People who may add organisations are programme team or administrator.
    return SimpleNamespace(
        expert=expert,
        coach=bool(mine.led),
        desk=bool(mine.planned),
        programmes=organisations,
        people=people,
        organisations=organisations,
        platform=platform,
        communities=moderated,
    )


def open_feature(app: Flask) -> None:
    """Register the context of every page: the viewer and the navigation."""
    context(app, page_context)
