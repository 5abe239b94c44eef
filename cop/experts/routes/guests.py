"""Endpoints of the guests of a thread: experts who are invited to it alone, until a last day."""

from __future__ import annotations

from typing import Any

from flask import Response

from cop import access
from cop.access import viewer
from cop.access.choosing import organisations_to_choose
from cop.base.web import Slice, endpoint, flash, respond, respond_list
from cop.base.words import _, day
from cop.experts import actions, forms
from cop.experts.models import GuestRow, guests_here
from cop.experts.routes.blueprint import routes
from cop.society.audience import Guest
from cop.threads.models import Thread


@routes.get("/threads/<int:id>/guests")
@endpoint("experts.guests", gives=forms.GuestOut, many=True)
def guests(id: int) -> Response:
    """List the guests of a thread, with the form to invite an expert to it."""
    thread = access.find(viewer(), Thread, id)
    access.judge(viewer(), "experts.invite_guest", thread)
    return respond_list(
        Slice(guests_here(thread.id)),
        page="experts/guests.html",
        context=lambda: {
            "thread": thread,
            "audience": access.audience(viewer(), thread.audience_id),
            "organisations": organisations_to_choose(viewer()),
        },
    )


def _row(guest: Guest) -> GuestRow:
    return next(row for row in guests_here(guest.thing_id) if row.id == guest.id)


@routes.post("/threads/<int:id>/guests")
@endpoint("experts.invite_guest", takes=forms.InviteGuest, gives=forms.GuestOut, form=guests, status=201)
def invite_guest(id: int, given: dict[str, Any]) -> Response:
    """Invite an expert to a single thread."""
    thread = access.find(viewer(), Thread, id)
    guest = actions.invite_guest(viewer(), thread, **given)
    flash(_("De uitnodiging is verstuurd. U kunt deze expert nu de vraag stellen."))
    asks = thread.thread_kind == "question" and access.may(viewer(), "experts.ask", thread)
    to = f"{thread.url}/expert?expert={guest.person_id}" if asks else f"{thread.url}/guests"
    return respond(lambda: _row(guest), to=to, status=201)


@routes.patch("/threads/<int:id>/guests/<int:guest>")
@endpoint("experts.extend_guest", takes=forms.ExtendGuest, gives=forms.GuestOut, form=lambda id, guest: guests(id=id))
def extend_guest(id: int, guest: int, given: dict[str, Any]) -> Response:
    """Give a guest of a thread another last day."""
    thread = access.find(viewer(), Thread, id)
    found = actions.extend_guest(viewer(), thread, guest=guest, **given)
    assert found.until is not None
    flash(_("Deze gast leest mee tot en met %(day)s.", day=day(found.until)))
    return respond(lambda: _row(found), to=f"{thread.url}/guests")


@routes.delete("/threads/<int:id>/guests/<int:guest>")
@endpoint("experts.end_guest", form=lambda id, guest: guests(id=id))
def end_guest(id: int, guest: int) -> Response:
    """End what a guest of a thread may see."""
    thread = access.find(viewer(), Thread, id)
    actions.end_guest(viewer(), thread, guest=guest)
    flash(_("Deze gast kan het gesprek niet meer zien."))
    return respond(to=f"{thread.url}/guests")
