"""What polls show on the pages of meetings and calendars: those to answer, by which one a day was chosen, and their days."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from markupsafe import Markup

from cop import access
from cop.base import clock
from cop.base.web.pages import render
from cop.meetings.models import Meeting
from cop.meetings.panels import list_panel, meeting_panel
from cop.meetings.tentative import TentativeTime, tentative_times
from cop.polls.models import above_meetings, options_between, poll_of_meeting
from cop.society.people import Person


@list_panel(10)
def open_polls(person: Person, audiences: list[int]) -> Markup:
    """Return the polls that the person can answer, and for those who plan also drafts and those without a choice."""
    rows = above_meetings(person, audiences)
    if not rows:
        return Markup("")
    own = access.rights(person)
    return Markup(render("polls/_panel.html", rows=rows, audiences=own.audiences, planned=own.planned))


@meeting_panel(10)
def chosen_by(person: Person, meeting: Meeting) -> Markup:
    """Return a link to the poll by which the day of a meeting was chosen, until it is over."""
    poll = poll_of_meeting(person, meeting.id) if clock.now() < meeting.ends else None
    return Markup(render("polls/_chosen_by.html", poll=poll)) if poll is not None else Markup("")


@tentative_times
def options(person: Person, begins: datetime, ends: datetime, audiences: Collection[int]) -> list[TentativeTime]:
    """Return the options from which no day was chosen yet."""
    return [
        TentativeTime(option.starts, option.ends, poll.title, poll.url, poll.audience_id, poll.answerable, answer)
        for poll, option, answer in options_between(person, begins, ends, audiences)
    ]
