"""Home, the page of a community, and what every page shows around its own matter."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from flask import Flask, Response, request
from flask_login import current_user

from cop import access
from cop.base import text
from cop.base.web import Routes, answer, door
from cop.base.web.pages import context
from cop.home import models
from cop.notices.forms import address
from cop.notices.models import listed, unread
from cop.programmes.forms import CommunityOut
from cop.programmes.models import Community, members
from cop.things import Thing

routes = Routes("home", __name__)


@routes.get("/")
@door("home.show")
def show() -> Response:
    """What asks for my attention."""
    rights = access.rights(current_user)
    mine = list(rights.roles)
    rooms = models.rooms(mine)
    here = set().union(*models.present(rooms).values()) - {current_user.id}
    return answer(
        page="home/show.html", communities={c.id: c for c in rights.communities}, rooms=rooms, here=len(here),
        unread=models.unread_threads(current_user, mine), questions=models.open_questions(current_user, mine),
        documents=models.latest_documents(mine), featured=models.featured(mine, 2), excerpt=text.excerpt, address=address,
        notices=[n for n in listed(current_user.id, access.seen_by(current_user, Thing), limit=5).items if n.read is None])


@routes.get("/communities/<slug>")
@door("communities.show", gives=CommunityOut)
def community(slug: str) -> Response:
    """A community: what is in the light, what was said last, and who takes part."""
    found = access.find(current_user, Community, slug=slug)
    rooms = models.rooms([found.id])
    role = access.rights(current_user).role(found.id)
    out = CommunityOut(id=found.id, slug=found.slug, name=found.name, url=found.url, purpose=found.purpose,
                       themes=found.themes, role=role)
    return answer(
        out, page="home/community.html", community=found, featured=models.featured([found.id]), role=role,
        latest=models.latest([found.id]), documents=models.latest_documents([found.id]), rooms=rooms,
        here=sum(len(p) for p in models.present(rooms).values()), members=members(found), excerpt=text.excerpt,
        may_edit=access.may(current_user, "communities.edit", found))


def around() -> dict[str, Any]:
    """The viewer and the navigation of every full page."""
    if not current_user.is_authenticated:
        return {"viewer": None, "nav": None}
    places = [
        SimpleNamespace(name=c.name, slug=c.slug, url=f"/communities/{c.slug}",
                        current=request.path.startswith(f"/communities/{c.slug}"))
        for c in access.rights(current_user).communities
    ]
    nav = SimpleNamespace(communities=places, unread=unread(current_user.id), home=request.path == "/")
    return {"viewer": current_user, "nav": nav}


def open_room(app: Flask) -> None:
    """Has every page know its viewer and the navigation."""
    context(app, around)
