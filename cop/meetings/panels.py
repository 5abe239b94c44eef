"""Panels: what features of the floors above show on the pages of meetings."""

from __future__ import annotations

from collections.abc import Callable

from markupsafe import Markup

from cop.meetings.models import Meeting
from cop.society.people import Person

MeetingPanel = Callable[[Person, Meeting], Markup]
# Of the list of meetings of these audiences; the list of a person's own meetings has all of theirs.
ListPanel = Callable[[Person, list[int]], Markup]

_meeting: list[tuple[int, MeetingPanel]] = []
_list: list[tuple[int, ListPanel]] = []


def meeting_panel(order: int) -> Callable[[MeetingPanel], MeetingPanel]:
    """Decorate what renders a section of a meeting's page for a person who sees it, "" for none; the lowest order
    comes first."""

    def decorate(panel: MeetingPanel) -> MeetingPanel:
        _meeting.append((order, panel))
        return panel

    return decorate


def list_panel(order: int) -> Callable[[ListPanel], ListPanel]:
    """Decorate what renders a section above a list of coming meetings, "" for none."""

    def decorate(panel: ListPanel) -> ListPanel:
        _list.append((order, panel))
        return panel

    return decorate


def of_meeting(person: Person, meeting: Meeting) -> list[Markup]:
    """Return the sections of a meeting's page."""
    return [panel(person, meeting) for _order, panel in sorted(_meeting, key=lambda one: one[0])]


def of_list(person: Person, audiences: list[int]) -> list[Markup]:
    """Return the sections above a list of coming meetings."""
    return [panel(person, audiences) for _order, panel in sorted(_list, key=lambda one: one[0])]
