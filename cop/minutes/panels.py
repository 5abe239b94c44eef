"""The minutes on the page of a meeting."""

from __future__ import annotations

from markupsafe import Markup

from cop import access
from cop.base.web import render
from cop.meetings.models import Meeting
from cop.meetings.panels import meeting_panel
from cop.minutes.actions import may_begin
from cop.minutes.models import state_of
from cop.society.people import Person


@meeting_panel(60)
def minutes(person: Person, meeting: Meeting) -> Markup:
    """Show what was published, and to who may write the way to it."""
    state = state_of(person, meeting)
    own = access.rights(person)
    leads = own.plans(meeting.audience_id)
    writes = state is not None and (leads or (state.open and own.role(meeting.audience_id) in access.WRITERS))
    begins = state is None and may_begin(person, meeting)
    if not (writes or begins or (state and state.made)):
        return Markup()
    return Markup(
        render(
            "minutes/_panel.html",
            meeting=meeting,
            state=state,
            writes=writes and not own.archived(meeting),
            begins=begins,
            leads=leads,
        )
    )
