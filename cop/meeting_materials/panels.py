"""The materials on the page of a meeting, and the meetings on the page of a thread or document."""

from __future__ import annotations

from markupsafe import Markup

from cop import access
from cop.base.web import cached, render
from cop.base.web.pages import part
from cop.meeting_materials.models import left_out, materials_of, meetings_with, seen_by
from cop.meetings.models import Meeting, prepares
from cop.meetings.panels import meeting_panel
from cop.society.people import Person
from cop.things import belonging


@meeting_panel(30)
def materials(person: Person, meeting: Meeting) -> Markup:
    """Return the section; "" where there is nothing to see, except for who can attach something."""
    rows = materials_of(person, meeting)
    chooses = prepares(person, meeting) and access.may(person, "meeting_materials.attach", meeting)
    attaches = chooses and meeting.status != "cancelled"
    if not (rows or attaches):
        return Markup()
    listed = [(row, left_out(person, meeting, row.audience_id)) for row in rows]
    return Markup(
        render("meeting_materials/_panel.html", meeting=meeting, listed=listed, attaches=attaches, detaches=chooses)
    )


@belonging("thread", "file")
def meetings_of(person: Person, id: int, version: int | None) -> Markup:
    """Return a line for each meeting to which a thing belongs and that the person may see."""
    meetings = (
        meetings_with(id) if version is None else cached(("meetings_with", id, version), lambda: meetings_with(id))
    )
    seen = seen_by(person, meetings)
    if not seen:
        return Markup()
    return Markup(part("meeting_materials/_belongs.html", tuple(seen), lambda: {"meetings": seen}))
