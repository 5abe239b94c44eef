"""The first-entry page, shown to a person until it is completed."""

from __future__ import annotations

from typing import Any

from flask import Response, g, request

from cop.base.forms import Typed
from cop.base.web import endpoint, respond
from cop.people import actions, forms
from cop.people.routes.blueprint import me, routes, viewer
from cop.people.routes.organisations import every_organisation


@routes.get("/welcome")
@endpoint("people.welcome", gives=forms.Me)
def welcome() -> Response:
    """Show the first-entry page: name, function, house rules and privacy statement."""
    person, typed = viewer(), g.get("typed") or Typed()
    next = forms.own_path(typed.value("next") or request.args.get("next"))
    if person.entered is not None:
        return respond(lambda: me(person), to=next)
    return respond(page="people/welcome.html", person=person, next=next, organisations=every_organisation())


@routes.post("/welcome")
@endpoint("people.enter", takes=forms.Enter, gives=forms.Me, form=welcome)
def enter(given: dict[str, Any]) -> Response:
    """Complete the first-entry page."""
    person, next = viewer(), given.pop("next", "/")
    actions.enter(person, person, **given)
    return respond(lambda: me(person), to=next)
