"""The days of meetings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cop.meetings.models import MeetingDay


def days_of_each(meetings: Iterable[Any]) -> dict[int, list[MeetingDay]]:
    """Return the days of meetings by id, each with the first one first; rows need `id`, `starts` and `ends`."""
    return {row.id: [MeetingDay(row.starts, row.ends)] for row in meetings}
