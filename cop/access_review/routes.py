"""Endpoints of the access review."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_login import current_user

from cop import access
from cop.access_review import actions, forms
from cop.access_review.models import last_review, people_with_access
from cop.base.db import db
from cop.base.errors import NotFound
from cop.base.web import Routes, Slice, endpoint, flash, respond, respond_list
from cop.base.words import _, n_
from cop.society.people import Person
from cop.society.programmes import Programme

routes = Routes("access_review", __name__)


def _programme(slug: str) -> Programme:
    """Return the programme, if the viewer may review it; for others this page does not exist."""
    programme = access.find(current_user, Programme, slug=slug)
    if not access.may(current_user, "access_review.confirm", programme):
        raise NotFound
    return programme


@routes.get("/programmes/<slug>/access-review")
@endpoint("access_review.show", gives=forms.ReviewedOut, many=True)
def show(slug: str) -> Response:
    """Show who may what in a programme, since when, and when that was last confirmed."""
    programme = _programme(slug)
    last = last_review(programme.id)
    return respond_list(
        Slice(people_with_access(programme)),
        page="access_review/show.html",
        programme=programme,
        last=last,
        mine={row.slug for row in access.rights(current_user).communities},
    )


@routes.post("/programmes/<slug>/access-review")
@endpoint("access_review.confirm", takes=forms.Confirm, form=show)
def confirm(slug: str, given: dict[str, Any]) -> Response:
    """Confirm what people may do, one by one or all at once."""
    programme = _programme(slug)
    actions.confirm(current_user, programme, **given)
    many = len(given.get("people", []))
    flash(
        _("De toegang van iedereen is bevestigd.")
        if given.get("everybody")
        else n_("De toegang van %(n)s persoon is bevestigd.", "De toegang van %(n)s personen is bevestigd.", many)
    )
    return respond(to=f"{programme.url}/access-review")


@routes.delete("/programmes/<slug>/access-review/people/<int:person>")
@endpoint("access_review.withdraw", form=lambda slug, person: show(slug=slug))
def withdraw(slug: str, person: int) -> Response:
    """Take a confirmation back."""
    programme = _programme(slug)
    actions.withdraw(current_user, programme, member=person)
    flash(_("De bevestiging is ingetrokken."))
    return respond(to=f"{programme.url}/access-review")


@routes.delete("/programmes/<slug>/access-review/guests/<int:guest>")
@endpoint("access_review.end_guest", form=lambda slug, guest: show(slug=slug))
def end_guest(slug: str, guest: int) -> Response:
    """End what a guest may see."""
    programme = _programme(slug)
    ended = actions.end_guest(current_user, programme, guest=guest)
    person = db.session.get_one(Person, ended.person_id)
    flash(
        _("%(name)s is geen gast meer. De toegang is meteen beëindigd.", name=person.name or person.mail),
        undo=f"{programme.url}/access-review/guests/{ended.id}/restore",
    )
    return respond(to=f"{programme.url}/access-review")


@routes.post("/programmes/<slug>/access-review/guests/<int:guest>/restore")
@endpoint("access_review.restore_guest", form=lambda slug, guest: show(slug=slug))
def restore_guest(slug: str, guest: int) -> Response:
    """Undo the end of what a guest may see."""
    programme = _programme(slug)
    restored = actions.restore_guest(current_user, programme, guest=guest)
    person = db.session.get_one(Person, restored.person_id)
    flash(_("%(name)s is weer gast.", name=person.name or person.mail))
    return respond(to=f"{programme.url}/access-review")
