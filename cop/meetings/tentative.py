"""Days on which a meeting may be planned: another feature, such as that of date polls, says here which ones."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import NamedTuple

from cop.society.people import Person


class TentativeTime(NamedTuple):
    """A time at which a meeting may be: its title, where to answer, whether that can be done still, and the reader's answer.

    answer: yes · rather_not · no · "" for none.
    """

    starts: datetime
    ends: datetime
    title: str
    url: str
    audience_id: int
    answerable: bool
    answer: str


# Of a person, between two moments, of these audiences.
TimesFinder = Callable[[Person, datetime, datetime, Collection[int]], list[TentativeTime]]
_finders: list[TimesFinder] = []


def tentative_times(finder: TimesFinder) -> TimesFinder:
    """Let a feature say at which times a meeting may be; it returns what the person may see."""
    _finders.append(finder)
    return finder


def times_between(person: Person, begins: datetime, ends: datetime, audiences: Collection[int]) -> list[TentativeTime]:
    """Return the times between two moments at which a meeting of these audiences may be, the earliest first."""
    found = [time for finder in _finders for time in finder(person, begins, ends, audiences)]
    return sorted(found, key=lambda one: (one.starts, one.ends, one.url))
