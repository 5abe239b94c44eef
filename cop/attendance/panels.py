"""The day of a meeting on its page: the ways to its screens for who runs it, and afterwards how many were there."""

from __future__ import annotations

from datetime import timedelta

from markupsafe import Markup

from cop.attendance.models import attended, runs_day
from cop.base import clock
from cop.base.web import render
from cop.meetings.models import Meeting
from cop.meetings.panels import meeting_panel
from cop.society.people import Person

BEFORE = timedelta(days=1)  # the start: from then on the ways to the screens are at hand


@meeting_panel(15)
def day(person: Person, meeting: Meeting) -> Markup:
    """Return the section of a meeting's page for who runs its day; "" for others, and long before it."""
    now = clock.now()
    if now < meeting.starts - BEFORE or meeting.status in ("draft", "cancelled") or not runs_day(person, meeting):
        return Markup()
    over = meeting.ends <= now
    there = len(attended(meeting.id)) if over else None
    return Markup(render("attendance/_panel.html", meeting=meeting, over=over, there=there))
