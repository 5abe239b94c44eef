"""Input and output models of the endpoints of attendance."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, PlainSerializer

from cop.attendance.models import DayState, ListedPerson, State
from cop.base import clock
from cop.base.forms import Day, Form, Line, Out, Secret, Version

Instant = Annotated[datetime, PlainSerializer(clock.rfc3339, return_type=str)]
ChosenDay = Annotated[Day | None, BeforeValidator(lambda value: value or None)]


class Scan(Form):
    """When the code was scanned, as the page before signing in signed it."""

    scan: Secret = ""


class Listing(Form):
    """The day of a meeting, and words of the names or organisations to list."""

    day: ChosenDay = None
    q: Line = ""


class Mark(Form):
    """Whether somebody is there."""

    state: State


class Changes(Form):
    """The last change that a screen shows."""

    changed_after: Version = 0


class ScanOut(BaseModel):
    """The day of a meeting whose code was scanned: whether the person is on its list, or why they cannot be."""

    meeting: int
    title: str
    day: date
    here: bool
    refusal: str


class HereOut(Out):
    """What is noted of a person on a day of a meeting."""

    meeting: int
    person: int
    day: date
    state: str
    at: Instant

    @classmethod
    def of(cls, row: Any) -> dict[str, Any]:
        """Return the fields of a row."""
        return {
            "meeting": row.meeting_id,
            "person": row.person_id,
            "day": row.day,
            "state": row.state,
            "at": row.at,
        }


class ListedOut(BaseModel):
    """Somebody on the list of a day; `state` is "" while nothing is noted, `own` says that they scanned the code."""

    person: int
    name: str
    organisation: str
    expected: bool
    state: str
    at: Instant | None
    own: bool
    guest: bool


class BlockNow(BaseModel):
    """A block of the programme with its times."""

    id: int
    kind: str
    title: str
    starts: Instant
    ends: Instant


class AskedOut(BaseModel):
    """A question, without who asked it."""

    id: int
    text: str
    votes: int


class DayOut(BaseModel):
    """The day of a meeting: what is now and next, how many people are here, and the questions on what is now."""

    meeting: int
    title: str
    day: date
    seq: int
    now: BlockNow | None
    next: BlockNow | None
    here: int
    expected: int
    questions: list[AskedOut]


class CodeOut(BaseModel):
    """The address of the code of a day."""

    day: date
    address: str


def listed_out(row: ListedPerson) -> ListedOut:
    """Return somebody on the list for the API."""
    return ListedOut(**row._asdict())


def day_out(meeting: Any, state: DayState, questions: Any) -> DayOut:
    """Return the day of a meeting for the API."""
    blocks = {name: getattr(state, name) for name in ("now", "next")}
    return DayOut(
        meeting=meeting.id,
        title=meeting.title,
        day=state.day.date,
        seq=state.seq,
        here=state.counted.here,
        expected=state.counted.all,
        questions=[AskedOut(id=one.id, text=one.text, votes=one.votes) for one in questions],
        **{
            name: BlockNow.model_validate(block, from_attributes=True) if block else None
            for name, block in blocks.items()
        },
    )
