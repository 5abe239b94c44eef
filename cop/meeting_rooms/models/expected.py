"""Who is expected to answer a round."""

from __future__ import annotations

from collections.abc import Callable

from cop.base.db import db
from cop.meetings.models import Meeting, coming_ids

# The ids of the people whom a feature expects, None where it does not know.
ExpectedPeople = Callable[[Meeting], list[int] | None]
_finders: list[ExpectedPeople] = []


def expects(finder: ExpectedPeople) -> ExpectedPeople:
    """Let a feature say who is expected, such as those of whom is known that they are present; the last one counts first."""
    _finders.append(finder)
    return finder


def expected_ids(meeting: Meeting) -> list[int]:
    """Return the ids of the people who are expected at a meeting: as a feature says, else who said that they come."""
    for finder in reversed(_finders):
        if (found := finder(meeting)) is not None:
            return found
    return list(db.session.scalars(coming_ids(meeting.id, guests=False)))
