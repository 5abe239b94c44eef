"""A signal of the desk, and what the finders of signals share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple, get_args

from cop.base import clock
from cop.coach.models import DeskSettings, SignalKind
from cop.society.programmes import Programme

KINDS: tuple[SignalKind, ...] = get_args(SignalKind)


@dataclass(frozen=True)
class Signal:
    """Something in a programme that needs an act of its team."""

    programme_id: int
    kind: SignalKind
    subject_id: int
    since: date
    name: str  # of what it is about
    url: str  # where it is looked at, or settled
    place: str = ""  # the community or phase
    number: int = 1
    until: date | None = None  # the last day
    details: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """Its name in addresses."""
        return f"{self.kind}-{self.subject_id}"

    @property
    def urgency(self) -> tuple[int, date, str]:
        """What it sorts by: its kind, then the oldest first."""
        return KINDS.index(self.kind), self.since, self.name


class WaitingDraft(NamedTuple):
    """The draft of a bulletin."""

    id: int
    title: str
    made: datetime


@dataclass(frozen=True)
class Led:
    """A programme that the viewer leads, with the settings of its desk and the draft of a bulletin that waits."""

    programme: Programme
    settings: DeskSettings
    bulletin: WaitingDraft | None = None


def midnight(day: date) -> datetime:
    """Return the end of a day in Amsterdam, as the first moment after it."""
    return datetime.combine(day + timedelta(days=1), time(), clock.AMSTERDAM).astimezone(UTC)


def local_day(moment: datetime) -> date:
    """Return the day of a moment in Amsterdam."""
    return clock.local(moment).date()
