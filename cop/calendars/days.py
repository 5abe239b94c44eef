"""The days of meetings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cop.base import clock
from cop.meetings.models import MeetingDay, days_by_meeting


def days_of_each(meetings: Iterable[Any]) -> dict[int, list[MeetingDay]]:
    """Return the days of meetings by id, each with the first one first; rows need `id`, `starts` and `ends`."""
    whole = {row.id: [MeetingDay(row.starts, row.ends)] for row in meetings}
    several = [id for id, (day,) in whole.items() if clock.local(day.ends).date() != day.date]
    return whole | (days_by_meeting(several) if several else {})
