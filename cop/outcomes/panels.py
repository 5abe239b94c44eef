"""The section of outcomes on the page of a meeting."""

from __future__ import annotations

from markupsafe import Markup

from cop import access
from cop.base import clock
from cop.base.web.pages import render
from cop.meetings.models import Meeting
from cop.meetings.panels import meeting_panel
from cop.outcomes.models import MARKED, around
from cop.society.people import Person


@meeting_panel(40)
def outcomes(person: Person, meeting: Meeting) -> Markup:
    """Return the outcomes of a meeting and, until it is held, what is still open from before; "" for a guest."""
    if meeting.status == "draft" or access.rights(person).role(meeting.audience_id) is None:
        return Markup()
    own, before = around(meeting)
    may_mark = meeting.status in MARKED and access.may(person, "outcomes.mark", meeting)
    shows_before = meeting.status not in ("held", "cancelled")
    if not (own or may_mark or (before and shows_before)):
        return Markup()
    return Markup(
        render(
            "outcomes/_meeting.html",
            meeting=meeting,
            outcomes=own,
            before=before if shows_before else [],
            may_mark=may_mark,
            today=clock.today(),
        )
    )
