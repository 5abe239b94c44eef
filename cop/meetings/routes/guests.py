"""Endpoints of the guests of a meeting, for its team and host."""

from __future__ import annotations

from typing import Any

from flask import Response
from sqlalchemy import case, func, select

from cop import access
from cop.access import viewer
from cop.base.db import db
from cop.base.email import Email
from cop.base.errors import NotFound
from cop.base.web import Slice, endpoint, flash, respond, respond_list
from cop.base.words import _
from cop.meetings import actions, forms
from cop.meetings.guests import MOST, ListedGuest, MeetingGuest
from cop.meetings.models import Invitee, Meeting, prepares
from cop.meetings.routes.blueprint import around, find, routes
from cop.society.memberships import surname
from cop.society.people import Person


@routes.get("/meetings/<int:id>/guests")
@endpoint("meetings.guests", gives=forms.GuestOut, many=True)
def guests(id: int) -> Response:
    """List the guests of a meeting, with their addresses, for the team and the host."""
    meeting = _led(id)
    listed = [forms.GuestOut(**row._asdict()) for row in _listed(meeting)]
    may = access.may(viewer(), "meetings.invite_guest", meeting) and meeting.answerable
    return respond_list(Slice(listed), page="meetings/guests.html", may=may, most=MOST, **around(meeting))


@routes.post("/meetings/<int:id>/guests")
@endpoint("meetings.invite_guest", takes=forms.InviteGuest, gives=forms.GuestOut, form=guests, status=201)
def invite_guest(id: int, given: dict[str, Any]) -> Response:
    """Invite somebody by mail to one meeting."""
    meeting = _led(id)
    invited = actions.invite_guest(viewer(), meeting, **given)
    flash(_("De gast krijgt een uitnodiging per mail."))
    return respond(lambda: _out(meeting, invited.person_id), to=f"{meeting.url}/guests", status=201)


@routes.get("/meetings/<int:id>/guests/<int:guest>")
@endpoint("meetings.guest", gives=forms.GuestOut)
def show_guest(id: int, guest: int) -> Response:
    """Show a guest, to correct, to invite again or to uninvite."""
    meeting = _led(id)
    found = _out(meeting, guest)
    may = access.may(viewer(), "meetings.correct_guest", meeting) and meeting.answerable
    return respond(
        lambda: found, page="meetings/guest.html", context=lambda: {"guest": found, "may": may, **around(meeting)}
    )


@routes.patch("/meetings/<int:id>/guests/<int:guest>")
@endpoint("meetings.correct_guest", takes=forms.CorrectGuest, gives=forms.GuestOut, form=show_guest)
def correct_guest(id: int, guest: int, given: dict[str, Any]) -> Response:
    """Correct the name, organisation or address of a guest; another address gives them another id."""
    meeting = _led(id)
    found = actions.correct_guest(viewer(), meeting, guest=guest, **given)
    flash(_("De gegevens van de gast zijn opgeslagen."))
    return respond(lambda: _out(meeting, found.person_id), to=f"{meeting.url}/guests")


@routes.post("/meetings/<int:id>/guests/<int:guest>/invitation")
@endpoint("meetings.invite_guest_again", gives=forms.GuestOut, form=show_guest)
def invite_guest_again(id: int, guest: int) -> Response:
    """Mail a guest the invitation once more."""
    meeting = _led(id)
    found = actions.invite_guest_again(viewer(), meeting, guest=guest)
    flash(_("De gast krijgt de uitnodiging opnieuw."))
    return respond(lambda: _out(meeting, found.person_id), to=f"{meeting.url}/guests")


@routes.delete("/meetings/<int:id>/guests/<int:guest>")
@endpoint("meetings.uninvite_guest", form=show_guest)
def uninvite_guest(id: int, guest: int) -> Response:
    """Take back the invitation of a guest."""
    meeting = _led(id)
    actions.uninvite_guest(viewer(), meeting, guest=guest)
    flash(_("De uitnodiging is ingetrokken. De gast krijgt hierover een mail."))
    return respond(to=f"{meeting.url}/guests", status=204)


def _led(id: int) -> Meeting:
    """Return a meeting that the viewer leads or hosts, once it is announced; raise NotFound for others."""
    meeting = find(id)
    if meeting.status == "draft" or not prepares(viewer(), meeting):
        raise NotFound
    return meeting


def _listed(meeting: Meeting) -> list[ListedGuest]:
    """Return the guests of a meeting by surname."""
    here = (Invitee.meeting_id == MeetingGuest.meeting_id) & (Invitee.person_id == MeetingGuest.person_id)
    # Not to a former address: that it refused mail is why it was corrected.
    to_them = (Email.person_id == MeetingGuest.person_id) & (Email.address == MeetingGuest.mail)
    last = select(func.max(Email.id)).where(to_them).correlate(MeetingGuest).scalar_subquery()
    waits = (Email.state == "waiting") & Email.error.is_not(None)
    state = case((Email.state == "failed", "bounced"), (waits, "delayed"), else_="")
    found = db.session.execute(
        select(Person.id, Person.name, MeetingGuest.mail, MeetingGuest.organisation, Invitee.answer, state)
        .join(MeetingGuest, MeetingGuest.person_id == Person.id)
        .join(Invitee, here)
        .outerjoin(Email, Email.id == last)
        .where(MeetingGuest.meeting_id == meeting.id)
    )
    return sorted((ListedGuest(*row) for row in found), key=lambda row: (surname(row.name), row.person))


def _out(meeting: Meeting, guest: int) -> forms.GuestOut:
    """Return a guest; raise NotFound for others."""
    for row in _listed(meeting):
        if row.person == guest:
            return forms.GuestOut(**row._asdict())
    raise NotFound
