"""The section on the page of a meeting after it: its questions and the certificate of attendance."""

from __future__ import annotations

from markupsafe import Markup

from cop import access
from cop.base import clock
from cop.base.web.pages import render
from cop.meetings.models import Meeting
from cop.meetings.panels import meeting_panel
from cop.pulse.models import LATEST, afterwards, due_of, over
from cop.society.people import Person


@meeting_panel(70)
def after_meeting(person: Person, meeting: Meeting) -> Markup:
    """Return what somebody finds after a meeting; "" before its end, without a statement, and where that is nothing."""
    if not over(meeting):
        return Markup()
    now, leads = afterwards(person, meeting), access.rights(person).plans(meeting.audience_id)
    if not (leads or now.sent or now.noted):
        return Markup()
    archived = access.rights(person).archived(meeting)
    sends = due_of(meeting) if not archived and clock.now() < meeting.ends + LATEST else None
    asks = now.answerable and now.there and access.may(person, "pulse.answer", meeting)
    return Markup(render("pulse/_panel.html", meeting=meeting, now=now, leads=leads, asks=asks, sends=sends))
