"""Events of minutes."""

from __future__ import annotations

from dataclasses import dataclass, field

from cop.base.events import Event


@dataclass
class BlocksChanged(Event):
    """Blocks of minutes changed, or who holds them; `minutes` is the id of the meeting."""

    minutes: int = 0
    blocks: list[int] = field(default_factory=list)
