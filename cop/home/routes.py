"""Home, and what every page shows around its own matter."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from flask import Flask, Response, request
from flask_login import current_user

from cop import access
from cop.base.web import Routes, answer, door
from cop.base.web.pages import context

routes = Routes("home", __name__)


@routes.get("/")
@door("home.show")
def show() -> Response:
    """What asks for my attention."""
    return answer(page="home/show.html")


def around() -> dict[str, Any]:
    """The viewer and the navigation of every full page."""
    if not current_user.is_authenticated:
        return {"viewer": None, "nav": None}
    places = [SimpleNamespace(name=c.name, slug=c.slug, url=f"/communities/{c.slug}",
                              current=request.path.startswith(f"/communities/{c.slug}"))
              for c in access.rights(current_user).communities]
    return {"viewer": current_user, "nav": SimpleNamespace(communities=places, unread=0, home=request.path == "/")}


def open_room(app: Flask) -> None:
    """Has every page know its viewer and the navigation."""
    context(app, around)


