"""Events of rounds."""

from __future__ import annotations

from dataclasses import dataclass

from cop.base.events import Event


@dataclass
class RoundChanged(Event):
    """A round or its answers changed; `meeting` and `round` are ids."""

    meeting: int = 0
    round: int = 0
