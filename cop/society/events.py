"""Events about people and their memberships."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from cop.base.events import Event


@dataclass
class MembershipChanged(Event):
    """A person's membership changed; `member` is the id of the person."""

    member: int = 0


@dataclass
class PersonLeft(Event):
    """Somebody left, came back, or got a successor; `member` is their id.

    communities, partnerships: the ids of what ended. given: of the partnerships that the successor came into.
    """

    member: int = 0
    successor: int | None = None
    communities: list[int] = field(default_factory=list)
    partnerships: list[int] = field(default_factory=list)
    given: list[int] = field(default_factory=list)


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


@dataclass(frozen=True)
class Accepted:
    """What accepting an application made; `answers` are the applicants' own texts by block."""

    id: int  # of the acceptance
    partnership: int
    people: list[tuple[str, str, int | None]]  # mail address, name, organisation
    communities: list[int]
    answers: dict[str, str]


@dataclass
class ApplicationAccepted(Event):
    """An application became a partnership; its people are to be invited."""

    result: Accepted

    @property
    def partnership(self) -> int:
        return self.result.partnership

    @property
    def people(self) -> list[tuple[str, str, int | None]]:
        return self.result.people

    @property
    def communities(self) -> list[int]:
        return self.result.communities

    @property
    def answers(self) -> dict[str, str]:
        return self.result.answers


@dataclass(frozen=True)
class Undone:
    """What undoing an acceptance takes back."""

    id: int  # of the acceptance
    partnership: int
    people: list[int]
    new: list[int]  # of these, who had no account before
    made: datetime  # when it was accepted


@dataclass
class ApplicationUndone(Event):
    """An acceptance is taken back: what was made for its people since then goes."""

    result: Undone
