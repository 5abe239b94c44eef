"""Input and output models of the endpoints of breaches."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from cop.base import clock
from cop.base.forms import Form, Id, Lines, Out, Version
from cop.breaches.models import Breach, BreachStep, StepKind, What


def _chosen(value: Any) -> Any:
    """Read a field that was left empty as nothing."""
    return None if isinstance(value, str) and not value.strip() else value


Filled = Annotated[Lines, Field(min_length=1, max_length=2000)]


class Report(Form):
    """What kind of personal data stood there; of a document also which version, else all."""

    what: Annotated[list[What], Field(min_length=1, max_length=5)]
    number: Annotated[Version | None, BeforeValidator(_chosen)] = None


class Note(Form):
    """Something that was done about a breach, without the personal data itself."""

    kind: StepKind = "note"
    text: Filled


class Close(Form):
    """Why a breach can be closed."""

    reason: Filled


class Listing(Form):
    """The breaches older than the one with this id."""

    before: Id | None = None


class BreachOut(Out):
    """A breach in the API."""

    id: int
    kind: str
    url: str
    thing: int | None
    place: str
    what: list[str]
    author: int | None
    written: str
    reporter: int | None
    reported: str
    due: str
    readers: int
    seen: int | None
    mailed: int
    public: bool
    removed: dict[str, int]
    copies: list[int]
    closed: str | None
    reason: str

    @classmethod
    def of(cls, row: Breach) -> dict[str, Any]:
        """Return the fields of a breach."""
        return {
            **{
                name: getattr(row, name) for name in ("id", "kind", "url", "place", "what", "readers", "seen", "mailed")
            },
            **{name: getattr(row, name) for name in ("public", "removed", "copies", "reason")},
            "thing": row.thing_id,
            "author": row.author_id,
            "reporter": row.reporter_id,
            **{name: clock.rfc3339(getattr(row, name)) for name in ("written", "reported", "due")},
            "closed": clock.rfc3339(row.closed) if row.closed else None,
        }


class ReportedOut(Out):
    """The breach that was noted; only administrators read it."""

    id: int
    thing: int | None

    @classmethod
    def of(cls, row: Breach) -> dict[str, Any]:
        """Return the ids of a breach."""
        return {"id": row.id, "thing": row.thing_id}


class StepOut(Out):
    """Something that was done about a breach."""

    id: int
    kind: str
    text: str
    person: int | None
    made: str

    @classmethod
    def of(cls, row: BreachStep) -> dict[str, Any]:
        """Return the fields of a step."""
        return {
            "id": row.id,
            "kind": row.kind,
            "text": row.text,
            "person": row.person_id,
            "made": clock.rfc3339(row.made),
        }
