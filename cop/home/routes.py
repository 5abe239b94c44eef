"""Home, the page of a community, and what every page shows around its own matter."""

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
from cop.things import Thing

routes = Routes("home", __name__)


@routes.get("/")
@endpoint("home.show")
def show() -> Response:
    """What asks for my attention."""
    rights = access.rights(current_user)
    mine = list(rights.roles)
    rooms = models.rooms(mine)
    writes = [c for c in rights.communities if rights.roles[c.id] in access.WRITERS]
    return respond(
        page="home/show.html",
        communities={c.id: c for c in rights.communities},
        writes=writes,
        rooms=rooms,
        others=models.others_in(rooms, current_user),
        unread=models.unread_threads(current_user, mine),
        questions=models.open_questions(current_user, mine),
        documents=models.latest_documents(mine),
        featured=models.featured(mine, 2),
        excerpt=text.excerpt,
        notices=listed(current_user.id, access.visible_to(current_user, Thing), limit=5, unread=True).items,
    )


@routes.get("/communities/<slug>")
@endpoint("communities.show", gives=CommunityOut)
def community(slug: str) -> Response:
    """A community: what is in the light, what was said last, and who takes part."""
    found = access.find(current_user, Community, slug=slug)
    rooms, role = models.rooms([found.id]), access.rights(current_user).role(found.id)
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
        featured=models.featured([found.id]),
        latest=models.latest([found.id]),
        documents=models.latest_documents([found.id]),
        members=people,
        excerpt=text.excerpt,
        may_write=role in access.WRITERS,
        may_edit=access.may(current_user, "communities.edit", found),
    )


def around(given: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The viewer, and the navigation of every full page."""
    viewer = current_user._get_current_object()  # the person, not the proxy: a page asks for it a hundred times
    if not viewer.is_authenticated:
        return {"viewer": None}, {"masthead": render("shared/_masthead.html", viewer=None), "places": "", "count": ""}
    unread, theme, here = g.prefetched["unread"], given["theme"], _here(given)

    def masthead() -> dict[str, Any]:
        return {"viewer": viewer, "unread": unread, "theme": theme, "own": _manages(viewer)}

    def places() -> dict[str, Any]:
        return {"communities": access.rights(viewer).communities, "here": here}

    return {"viewer": viewer}, {
        "masthead": part("shared/_masthead.html", (viewer.id, unread, theme), masthead),
        "places": part("shared/_places.html", (viewer.id, here), places),
        "count": f"({unread}) " if unread else "",
    }


def _here(given: dict[str, Any]) -> str | None:
    """The slug of the community in which a page stands or to which its path leads, "" for home, None for elsewhere."""
    path = given["path"]
    if path == "/":
        return ""
    slug: str | None = getattr(given.get("community"), "slug", None)
    return slug or (path.split("/", 3)[2] if path.startswith("/communities/") else None)


def _manages(viewer: Any) -> Any:
    """What a person manages besides talking, for their menu; nothing for who takes part and no more."""
    people, organisations, platform = (
        access.may(viewer, verb, None) for verb in ("people.add", "organisations.add", "jobs.revive")
    )
    mine = access.rights(viewer)
    moderated = [community for community in mine.communities if mine.role(community.id) == "moderator"]
    if not (people or organisations or platform or moderated):
        return None
    # Who may add organisations leads a programme, or is an administrator.
    return SimpleNamespace(
        programmes=organisations, people=people, organisations=organisations, platform=platform, communities=moderated
    )


def open_room(app: Flask) -> None:
    """Has every page know its viewer and the navigation."""
    context(app, around)
