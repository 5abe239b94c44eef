"""The page of a meeting, and the list of answers for its team and host."""

from __future__ import annotations

from typing import Any

from flask import Response

from cop import access
from cop.access import viewer
from cop.base.errors import NotFound
from cop.base.web import Slice, endpoint, respond, respond_list
from cop.base.words import _
from cop.meetings import forms, panels
from cop.meetings.models import (
    Invitee,
    Meeting,
    answers,
    days_of,
    is_host,
    prepares,
    seats,
    seats_and_own,
    waiting_before,
)
from cop.meetings.routes.blueprint import around, find, link_for, routes
from cop.meetings.series import seen_series
from cop.society.memberships import surname
from cop.society.people import Person

VERBS = ("announce", "edit", "move", "cancel", "remove", "rsvp")
ORDER = ("yes", "waiting", "maybe", "", "no")


@routes.get("/meetings/<int:id>")
@endpoint("meetings.show", gives=forms.MeetingOut)
def show(id: int) -> Response:
    """Show a meeting, with the viewer's answer."""
    meeting, person = find(id), viewer()
    return respond(lambda: described(meeting), page="meetings/show.html", context=lambda: _shown(person, meeting))


def _shown(person: Person, meeting: Meeting) -> dict[str, Any]:
    """Return what the page of a meeting shows to a person."""
    counted, invitee = seats_and_own(meeting.id, person.id)
    leads = access.rights(person).plans(meeting.audience_id)
    return {
        # Not `around`, which reads the programme: that it is in the archive, the audience says too.
        "meeting": meeting,
        "days": days_of(meeting),
        "audience": access.audience(person, meeting.audience_id),
        "invitee": invitee,
        "seats": counted,
        "before": _before(invitee),
        "link": link_for(person, meeting, invitee),
        "may": {verb: access.may(person, f"meetings.{verb}", meeting) for verb in VERBS},
        "leads": leads,
        "hosts": not leads and is_host(person, meeting),
        "series": seen_series(person, meeting.series_id),
        "panels": panels.of_meeting(person, meeting),
    }


def described(meeting: Meeting) -> forms.MeetingOut:
    """Return a meeting for the API as the viewer sees it; its link to those who come, and to those who plan it."""
    person = viewer()
    counted, invitee = seats_and_own(meeting.id, person.id)
    leads = access.may(person, "meetings.edit", meeting)
    return forms.meeting_out(
        meeting,
        audience=access.audience(person, meeting.audience_id).name,
        link=meeting.video_url if leads else link_for(person, meeting, invitee),
        counted=counted,
        invitee=invitee,
        series=seen_series(person, meeting.series_id),
    )


def _before(invitee: Invitee | None) -> int:
    """Return how many people wait before this one."""
    waits = invitee is not None and invitee.place is not None
    return waiting_before(invitee.meeting_id, invitee.place) if waits else 0  # type: ignore[union-attr, arg-type]


@routes.get("/meetings/<int:id>/answers")
@endpoint("meetings.answers", gives=forms.ListedAnswer, many=True)
def listed_answers(id: int) -> Response:
    """List who comes, for the team and the host; diets and access needs for the team only."""
    meeting, leads, rows = answer_rows(id)
    return respond_list(
        Slice(rows), page="meetings/answers.html", leads=leads, seats=seats(meeting.id), order=ORDER, **around(meeting)
    )


def answer_rows(id: int) -> tuple[Meeting, bool, list[forms.ListedAnswer]]:
    """Return a meeting, whether the viewer leads it, and the answers as they may see them; raise NotFound for others."""
    meeting, person = find(id), viewer()
    if meeting.status == "draft" or not prepares(person, meeting):
        raise NotFound
    leads = access.rights(person).plans(meeting.audience_id)
    rows = [
        forms.ListedAnswer(
            person=row.id,
            name=row.name or (_("Gast") if row.guest else row.mail),
            organisation=row.organisation or "",
            guest=row.guest,
            answer=row.answer,
            place=row.place,
            offered_until=row.offered_until if row.answer == "waiting" else None,
            remark=row.remark,
            asked_again=bool(row.answer) and row.answered_sequence < meeting.time_sequence,
            diet=row.diet if leads else "",
            access_needs=row.access_needs if leads else "",
        )
        for row in answers(meeting.id)
    ]
    rows.sort(key=lambda row: (ORDER.index(row.answer), row.place or 0, surname(row.name), row.person))
    return meeting, leads, rows
