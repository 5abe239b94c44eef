"""What the page of a meeting shows of its agenda: the programme, the questions, and the checklist of who prepares it."""

from __future__ import annotations

from markupsafe import Markup

from cop import access
from cop.agenda.models import (
    blocks_of,
    checklist,
    days_with,
    open_for_questions,
    panel_questions,
)
from cop.base.forms import Typed
from cop.base.web.pages import render
from cop.meetings.models import OPEN, Meeting, prepares
from cop.meetings.panels import meeting_panel
from cop.society.people import Person


@meeting_panel(20)
def agenda(person: Person, meeting: Meeting) -> Markup:
    """Return the sections of a meeting's page; in a cancelled one only what was asked is of use, and that is elsewhere."""
    if meeting.status == "cancelled":
        return Markup()
    blocks, questions = blocks_of(meeting.id), panel_questions(person, meeting)
    placed = sum(len(rows) for rows in questions.placed.values())
    open = open_for_questions(meeting)
    leads = access.may(person, "agenda.add", meeting)
    prepared = checklist(meeting, blocks, placed) if prepares(person, meeting) else []
    return Markup(
        render(
            "agenda/_panel.html",
            meeting=meeting,
            typed=Typed(),  # what was refused is shown again on the page of questions
            blocks=blocks,
            questions=questions,
            programme_days=days_with(meeting, blocks),
            open=open,
            asks=open and access.may(person, "meetings.ask", meeting),
            votes=open and access.may(person, "questions.vote", meeting),
            viewer_id=person.id,
            edits=leads and meeting.status in ("draft", *OPEN),
            places=access.may(person, "questions.place", meeting),
            prepared=prepared if meeting.status != "held" else [],
            ticks=access.may(person, "preparation.tick", meeting),
        )
    )
