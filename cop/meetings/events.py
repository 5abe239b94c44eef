"""Events of meetings."""

from __future__ import annotations

from dataclasses import dataclass, field

from cop.base.events import Event


@dataclass
class SeatsChanged(Event):
    """An answer or the number of seats changed; `promoted` are the ids of those who got a seat from the waiting list."""

    promoted: list[int] = field(default_factory=list)
