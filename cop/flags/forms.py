"""Input and output models of the endpoints of flags."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field

from cop.base import clock
from cop.base.forms import Form, Id, Line, Lines, Out
from cop.flags.actions import Decision
from cop.flags.models import LONGEST, PAGE, CaseRow, FlagInCase, FlagRow, Reason, RulingKind, RulingRow, State


def _chosen(value: Any) -> Any:
    """Read a field that was left empty as nothing."""
    return None if isinstance(value, str) and not value.strip() else value


Words = Annotated[Lines, Field(max_length=LONGEST)]


class Raise(Form):
    """Why something is flagged: a reason, and a line of explanation."""

    reason: Reason
    text: Words = ""


class Edit(Form):
    """Another reason or explanation; what is left out stays."""

    reason: Reason | None = None
    text: Words | None = None


class Rule(Form):
    """A decision on flags; word: to those who flagged it.

    reason: why something is hidden, for everybody; for `ask` and `warn`, to the person whom it is about.
    """

    ruling: Decision
    reason: Words = ""
    word: Words = ""


class Mine(Form):
    """A page of one's own flags."""

    after: Line = ""
    limit: Annotated[int, Field(ge=1, le=100)] = PAGE


class Desk(Form):
    """A page of what waits, in everything that one moderates or in one audience."""

    audience: Annotated[Id | None, BeforeValidator(_chosen)] = None
    after: Line = ""
    limit: Annotated[int, Field(ge=1, le=100)] = PAGE


class FlagOut(Out):
    """A flag in the API, for the person who raised it; `word` is what the moderator wrote to them."""

    id: int
    kind: str = "flag"
    url: str
    reason: Reason
    text: str
    at: str
    state: State
    word: str

    @classmethod
    def of(cls, row: FlagRow) -> dict[str, Any]:
        """Return the fields of a flag."""
        same = ("id", "url", "reason", "text", "state", "word")
        return {**{name: getattr(row, name) for name in same}, "at": clock.rfc3339(row.at)}


class FlaggerOut(BaseModel):
    """A flag of a case, and who raised it; the name is "" for somebody who left without it."""

    name: str
    reason: Reason
    text: str
    at: str


class CaseOut(Out):
    """What was flagged, for a moderator: `number` people did so, the first of whom are named.

    explanation: of its author, asked about what may point at one person; "" where nobody asked.
    """

    id: int
    kind: str = "flag_case"
    url: str
    about: str
    excerpt: str
    state: State
    opened: str
    number: int
    flags: list[FlaggerOut]
    word: str
    explanation: str

    @classmethod
    def of(cls, found: tuple[CaseRow, list[FlagInCase]]) -> dict[str, Any]:
        """Return the fields of a case with its flags."""
        row, flags = found
        same = ("id", "url", "about", "excerpt", "state", "number", "word", "explanation")
        named = [
            FlaggerOut(name=flag.name, reason=flag.reason, text=flag.text, at=clock.rfc3339(flag.at))  # type: ignore[arg-type]
            for flag in flags
        ]
        return {**{name: getattr(row, name) for name in same}, "opened": clock.rfc3339(row.opened), "flags": named}


class Appeal(Form):
    """Why a person disagrees with a ruling about them."""

    appeal: Annotated[Lines, Field(min_length=1, max_length=LONGEST)]


class DecideAppeal(Form):
    """A decision on an appeal. upheld: the ruling stands; word: to the person."""

    upheld: bool
    word: Annotated[Lines, Field(min_length=1, max_length=LONGEST)]


class RulingOut(Out):
    """What a moderator told somebody, their appeal and what came of it; a name is "" for somebody who left without it."""

    id: int
    kind: str = "ruling"
    url: str
    ruling: RulingKind
    state: str
    about: str
    excerpt: str
    reason: str
    person: str
    by: str
    at: str
    changed: str | None
    appeal: str
    word: str

    @classmethod
    def of(cls, row: RulingRow) -> dict[str, Any]:
        """Return the fields of a ruling."""
        ruling = row.ruling
        same = ("id", "url", "state", "reason", "appeal", "word")
        return {
            **{name: getattr(ruling, name) for name in same},
            "ruling": ruling.kind,
            "about": row.about,
            "excerpt": row.excerpt,
            "person": row.person_name,
            "by": row.by_name or "",
            "at": clock.rfc3339(ruling.at),
            "changed": clock.rfc3339(ruling.changed) if ruling.changed else None,
        }
