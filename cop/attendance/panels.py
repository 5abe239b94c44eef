"""The day of a meeting on its page: the ways to its screens for who runs it, and afterwards who was there."""

from __future__ import annotations

from datetime import timedelta

from markupsafe import Markup

from cop.attendance.models import attended, runs_day, was_there
from cop.base import clock
from cop.base.web import render
from cop.meetings.models import Meeting
from cop.meetings.panels import meeting_panel
from cop.society.people import Person

BEFORE = timedelta(days=1)  # the start: from then on the ways to the screens are at hand


@meeting_panel(15)
def day(person: Person, meeting: Meeting) -> Markup:
    """Return the section of a meeting's page; "" long before it, and for a member who was not there."""
    now = clock.now()
    if now < meeting.starts - BEFORE or meeting.status in ("draft", "cancelled"):
        return Markup()
    over, runs = meeting.ends <= now, runs_day(person, meeting)
    there = len(attended(meeting.id)) if over and runs else None
    own = over and not runs and was_there(meeting.id, person.id)
    if not (runs or own):
        return Markup()
    return Markup(render("attendance/_panel.html", meeting=meeting, over=over, runs=runs, there=there))
