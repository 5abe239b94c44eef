"""Events of meetings."""

from __future__ import annotations

from dataclasses import dataclass, field

from cop.base.events import Event


@dataclass
class SeatsChanged(Event):
    """An answer or the number of seats changed; `promoted` are the ids of those who got a seat from the waiting list.

    member: the id of who was taken out of the meeting, 0 for nobody.
    """

    promoted: list[int] = field(default_factory=list)
    member: int = 0


@dataclass
class MeetingPlanned(Event):
    """A draft was made; `copied_from` is the id of the meeting of which it is a copy, 0 for none."""

    copied_from: int = 0
