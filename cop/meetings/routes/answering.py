"""Endpoints of answering an invitation: on the page, and by the link in the mail."""

from __future__ import annotations

from typing import Any

from flask import Response

from cop import access
from cop.access import viewer
from cop.base.web import endpoint, flash, respond
from cop.base.words import _
from cop.meetings import actions, answer_links, forms
from cop.meetings.models import Invitee, days_of, invitee_of, read_answer_token, waiting_before
from cop.meetings.routes.blueprint import find, link_for, routes
from cop.meetings.routes.showing import show
from cop.society.people import GUEST


@routes.put("/meetings/<int:id>/answer")
@endpoint("meetings.rsvp", takes=forms.Rsvp, gives=forms.AnswerOut, form=show)
def rsvp(id: int, given: dict[str, Any]) -> Response:
    """Answer an invitation, or change the answer."""
    meeting = find(id)
    invitee = actions.rsvp(viewer(), meeting, **given)
    flash(words_of(invitee))
    return respond(invitee, to=meeting.url)


def words_of(invitee: Invitee) -> str:
    """Return what an answer means, for the person who gave it."""
    match invitee.answer:
        case "yes":
            return _("U komt. U krijgt een bevestiging per mail.")
        case "waiting":
            return _("Alle plaatsen zijn bezet. U staat op de wachtlijst en krijgt een mail zodra er plaats is.")
        case "maybe":
            return _("U komt misschien. Laat het weten zodra u het zeker weet.")
        case _:
            return _("U komt niet. Bedankt voor het laten weten.")


# By the link in the mail: opening it changes nothing, for mail scanners follow links.


@routes.get("/rsvp/<token>")
@endpoint("meetings.mailed_answer", asks=forms.Chosen, open=True)
def mailed(token: str, asked: dict[str, Any] | None = None) -> Response:
    """Show the form to whoever has the link of the mail, with the answer whose button was pressed."""
    found = read_answer_token(token)
    if found is None:
        return answer_links.ended()
    meeting, person = found
    invitee = invitee_of(meeting.id, person.id)
    guest = person.state == GUEST
    audience = access.audience(person, meeting.audience_id)
    return respond(
        page="meetings/mailed_answer.html",
        meeting=meeting,
        days=days_of(meeting),
        person=person,
        audience=audience,
        invitee=invitee,
        before=waiting_before(meeting.id, invitee.place) if invitee and invitee.place is not None else 0,
        chosen=(asked or {}).get("answer", ""),
        token=token,
        guest=guest,
        link=link_for(person, meeting, invitee) if guest else "",
    )


@routes.put("/rsvp/<token>")
@endpoint("meetings.rsvp_by_mail", takes=forms.RsvpByMail, gives=forms.AnswerOut, form=mailed, open=True)
def rsvp_by_mail(token: str, given: dict[str, Any]) -> Response:
    """Answer an invitation by the link of the mail, without signing in."""
    found = read_answer_token(token)
    if found is None:
        return answer_links.ended()
    meeting, person = found
    if person.state != GUEST:
        given = {name: value for name, value in given.items() if name not in ("diet", "access_needs")}
    invitee = actions.rsvp(person, meeting, **given)
    flash(words_of(invitee))
    return respond(invitee, to=f"/rsvp/{token}")
