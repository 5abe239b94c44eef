"""Input and output models of the endpoints of outcomes."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from cop.base import clock
from cop.base.forms import Day, Form, Id, Line, Lines, Out, Version
from cop.outcomes.models import LONGEST, PAGE, OutcomeKind, OutcomeRow


def _chosen(value: Any) -> Any:
    """Read a field that was left empty as nothing."""
    return None if isinstance(value, str) and not value.strip() else value


Words = Annotated[Lines, Field(max_length=LONGEST)]
Filled = Annotated[Words, Field(min_length=1)]
ChosenId = Annotated[Id | None, BeforeValidator(_chosen)]
ChosenDay = Annotated[Day | None, BeforeValidator(_chosen)]


class Mark(Form):
    """An outcome; an action has an owner and a date."""

    kind: OutcomeKind
    text: Filled
    owner: ChosenId = None
    due: ChosenDay = None


class MarkSource(Mark):
    """An outcome from a message or post, perhaps of a meeting of the same audience."""

    meeting: ChosenId = None


class Edit(Form):
    """Changes to an outcome; what is left out stays. base_version: the version that is changed."""

    text: Filled | None = None
    owner: ChosenId = None
    due: ChosenDay = None
    base_version: Version | None = None


class Finish(Form):
    """A word about how an action was done."""

    remark: Words = ""


class Drop(Form):
    """Why an action will not be done."""

    reason: Filled


class Postpone(Form):
    """The new date of an action, and why."""

    due: Day
    reason: Filled


class Listing(Form):
    """Which outcomes to list: of one kind, or actions in one state."""

    kind: Literal["", "outcome", "decision", "action"] = ""
    state: Literal["", "open", "done", "dropped"] = ""
    after: Line = ""
    limit: Annotated[int, Field(ge=1, le=100)] = PAGE


class OutcomeOut(Out):
    """An outcome in the API; `owner` is "" for somebody who was erased or left, and addresses are "" where there is none."""

    id: int
    kind: str = "outcome"
    outcome_kind: OutcomeKind
    url: str
    text: str
    version: int
    created_at: str
    author: str
    owner_id: int | None
    owner: str
    due: date | None
    state: Literal["", "open", "done", "dropped"]
    settled: str | None
    remark: str
    meeting: str
    source: str

    @classmethod
    def of(cls, row: OutcomeRow) -> dict[str, Any]:
        """Return the fields of an outcome."""
        same = ("id", "outcome_kind", "url", "text", "version", "due", "remark")
        return {
            **{name: getattr(row, name) for name in same},
            "created_at": clock.rfc3339(row.made),
            "author": row.author_name,
            "owner_id": row.owner_id if row.owner_name else None,
            "owner": row.owner_name,
            "state": row.status,
            "settled": clock.rfc3339(row.settled) if row.settled else None,
            "meeting": row.meeting_url,
            "source": row.source_url,
        }
