"""Events about people and their memberships."""

from __future__ import annotations

from dataclasses import dataclass, field

from cop.base.events import Event


@dataclass
class MembershipChanged(Event):
    """A person's membership changed; `member` is the id of the person."""

    member: int = 0


@dataclass
class PartnershipChanged(Event):
    """A partnership changed; `added` and `removed` are the ids of the people who came into it and left it."""

    added: list[int] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)


@dataclass
class PhaseEntered(Event):
    """A programme entered a phase; `mailed` says whether those who take part get a mail about it."""

    before: str = ""
    phase: str = ""
    mailed: bool = False
