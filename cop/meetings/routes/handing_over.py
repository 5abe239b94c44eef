"""Endpoints of handing a seat to a colleague: on the page, and by the link in the mail."""

from __future__ import annotations

from typing import Any

from flask import Response

from cop import access
from cop.access import viewer
from cop.base.web import endpoint, flash, respond
from cop.base.words import _
from cop.meetings import actions, answer_links, forms
from cop.meetings.colleagues import colleagues
from cop.meetings.models import Meeting, invitee_of, read_answer_token
from cop.meetings.routes.blueprint import find, routes
from cop.society.people import GUEST, Person


@routes.get("/meetings/<int:id>/colleague")
@endpoint("meetings.handing_over", asks=forms.Search)
def handing_over(id: int, asked: dict[str, Any] | None = None) -> Response:
    """Show who can come instead of the viewer."""
    meeting = find(id)
    access.judge(viewer(), "meetings.hand_over", meeting)
    return _choice(meeting, viewer(), meeting.url, (asked or {}).get("q", ""))


@routes.put("/meetings/<int:id>/colleague")
@endpoint("meetings.hand_over", takes=forms.HandOver, gives=forms.AnswerOut, form=handing_over)
def hand_over(id: int, given: dict[str, Any]) -> Response:
    """Let a colleague come, or wait for a seat, instead of the viewer."""
    meeting = find(id)
    invitee = actions.hand_over(viewer(), meeting, **given)
    flash(_handed_over())
    return respond(invitee, to=meeting.url)


@routes.get("/rsvp/<token>/colleague")
@endpoint("meetings.mailed_handing_over", asks=forms.Search, open=True)
def mailed_handing_over(token: str, asked: dict[str, Any] | None = None) -> Response:
    """Show who can come instead of the addressee of an invitation."""
    found = read_answer_token(token)
    if found is None or found[1].state == GUEST:
        return answer_links.ended()
    return _choice(*found, f"/rsvp/{token}", (asked or {}).get("q", ""))


@routes.put("/rsvp/<token>/colleague")
@endpoint(
    "meetings.hand_over_by_mail", takes=forms.HandOver, gives=forms.AnswerOut, form=mailed_handing_over, open=True
)
def hand_over_by_mail(token: str, given: dict[str, Any]) -> Response:
    """Let a colleague come instead of the addressee of an invitation, without signing in."""
    found = read_answer_token(token)
    if found is None or found[1].state == GUEST:
        return answer_links.ended()
    meeting, person = found
    invitee = actions.hand_over(person, meeting, **given)
    flash(_handed_over())
    return respond(invitee, to=f"/rsvp/{token}")


def _choice(meeting: Meeting, person: Person, url: str, typed: str) -> Response:
    invitee = invitee_of(meeting.id, person.id)
    gives = meeting.answerable and invitee is not None and invitee.answer in ("yes", "waiting")
    return respond(
        page="meetings/colleague.html",
        meeting=meeting,
        url=url,
        invitee=invitee,
        gives=gives,
        asked=typed,
        people=colleagues(person, meeting, typed) if gives else [],
    )


def _handed_over() -> str:
    return _("Uw collega krijgt een uitnodiging per mail. U komt niet.")
