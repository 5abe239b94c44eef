"""Input and output models of the endpoints of the agenda."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, PlainSerializer

from cop.agenda.models import LONGEST, BlockKind, BlockRow, Participant, PreparationItem, QuestionKind, QuestionRow
from cop.base import clock
from cop.base.forms import LARGEST_ID, Form, Id, Line, Lines, Out
from cop.meetings.models import MOST_DAYS

Text = Annotated[Lines, Field(max_length=2000)]
Short = Annotated[Lines, Field(max_length=600)]
Asked = Annotated[Short, Field(min_length=1)]
Minutes = Annotated[int, Field(ge=1, le=LONGEST)]
Version = Annotated[int, Field(ge=1, le=LARGEST_ID)]
Day = Annotated[int, Field(ge=1, le=MOST_DAYS)]
Instant = Annotated[datetime, PlainSerializer(clock.rfc3339, return_type=str)]


class AddBlock(Form):
    """A block to add to a programme; `leader`: the name of somebody of the audience, or other words.

    day: the number of its day in the meeting, the first one 1.
    """

    kind: BlockKind
    minutes: Minutes
    title: Line = ""
    leader: Line = ""
    text: Text = ""
    day: Day = 1


class EditBlock(Form):
    """Changes to a block; base_version: the version that is changed."""

    kind: BlockKind = "own"
    minutes: Minutes = 1
    title: Line = ""
    leader: Line = ""
    text: Text = ""
    day: Day = 1
    base_version: Version | None = None


class FillDay(Form):
    """The number of the day that gets the blocks of the usual day."""

    day: Day = 1


class MoveBlock(Form):
    """Where a block moves: one place up or down, or to the end of a day."""

    to: Literal["up", "down"] | None = None
    day: Day | None = None


class Ask(Form):
    """A question to a meeting, or a case for intervisie."""

    text: Asked
    kind: QuestionKind = "question"


class EditQuestion(Form):
    """Changes to a question."""

    text: Asked = ""
    kind: QuestionKind = "question"


class Hide(Form):
    """Why a question is hidden, for who asked it."""

    reason: Asked


class Place(Form):
    """The block on which a question is put."""

    block: Id


class SetVotes(Form):
    """How many votes each person has at a meeting."""

    votes: Annotated[int, Field(ge=0, le=20)]


class Listing(Form):
    """The part of the questions to list."""

    after: Line = ""
    limit: Annotated[int, Field(ge=1, le=100)] = 50


class From(Form):
    """The page whose button was pressed, to which a browser returns."""

    page: Literal["meeting", "questions"] = "questions"


class BlockOut(BaseModel):
    """A block of a programme with its times, which follow from the start of its day; `person` leads it, if known.

    displaced: its day was taken out of the meeting, and it is on the last one.
    """

    id: int
    day: int
    position: int
    kind: str
    title: str
    minutes: int
    leader: str
    person: int | None
    text: str
    version: int
    starts: Instant
    ends: Instant
    displaced: bool


class QuestionOut(Out):
    """A question; `voted`: by the reader; `block`: that on which it is put; `reason`: why it is hidden."""

    id: int
    meeting: int
    kind: str
    text: str
    person: int
    name: str
    organisation: str
    made: Instant
    votes: int
    voted: bool
    block: int | None
    hidden: bool
    reason: str

    @classmethod
    def of(cls, row: QuestionRow) -> dict[str, Any]:
        """Return the fields of a question."""
        same = ("id", "kind", "text", "name", "organisation", "made", "votes", "voted", "reason")
        return {
            **{name: getattr(row, name) for name in same},
            "meeting": row.meeting_id,
            "person": row.person_id,
            "block": row.block_id,
            "hidden": row.hidden is not None,
        }


class VotesOut(BaseModel):
    """How many votes each person has at a meeting."""

    votes: int


class PreparationOut(BaseModel):
    """An item of the checklist of a meeting; `by` ticked it `at`, where that is done by hand."""

    item: str
    due: date
    by_hand: bool
    done: bool
    late: bool
    by: str
    at: Instant | None


class ParticipantOut(BaseModel):
    """Somebody who comes; `shared`: the reader's own communities and partnerships that they are in."""

    id: int
    name: str
    organisation: str
    function: str
    role: str
    shared: list[str]


def block_out(row: BlockRow) -> BlockOut:
    """Return a block for the API."""
    return BlockOut(
        **{name: value for name, value in row._asdict().items() if name != "leader_id"}, person=row.leader_id
    )


def preparation_out(item: PreparationItem) -> PreparationOut:
    """Return an item of the checklist for the API."""
    return PreparationOut(**{name: value for name, value in item._asdict().items() if name != "days"}, late=item.late)


def participant_out(row: Participant) -> ParticipantOut:
    """Return a participant for the API."""
    return ParticipantOut(**row._asdict())
