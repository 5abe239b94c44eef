"""Input and output models of the endpoints of partnerships."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, Field, StringConstraints

from cop.base import clock
from cop.base.forms import LARGEST_ID, Form, Id, Ids, Key, Line, Lines, Name, Out, Required, Version, Whole
from cop.partnerships.models import ChallengeField, ChallengeVersion, CheckIn, CheckInState

Prose = Annotated[str, Whole, StringConstraints(strip_whitespace=True, max_length=4000)]
Text = Annotated[Lines, Field(max_length=4000)]
Written = Annotated[Text, Field(min_length=1)]
Number = Annotated[int, Field(ge=1, le=LARGEST_ID)]


class PartnershipNew(Form):
    """A partnership to record."""

    name: Name
    challenge: Prose = ""
    organisations: Ids = []
    people: Ids = []


class PartnershipEdit(Form):
    """Changes to a partnership; `challenge` is the goal of its local challenge."""

    name: Name = ""
    challenge: Prose = ""
    organisations: Ids = []
    people: Ids = []


class DescribeChallenge(Form):
    """The local challenge; `private` lists the fields that only the partnership and the programme team read.

    base_version: the version that is changed, 0 where there was none.
    """

    goal: Text = ""
    step: Text = ""
    obstacle: Text = ""
    next_step: Text = ""
    help_wanted: Text = ""
    private: Annotated[list[ChallengeField], Field(max_length=5)] = []
    base_version: Version | None = None


class Compared(Form):
    """The version to show, and the one to compare it with; by default the last one and the one before."""

    version: Number | None = None
    against: Number | None = None


class Answer(Form):
    """The answer to a monthly check-in; `base_version` is that of the check-in when the form was opened."""

    standing: Written
    obstacle: Text = ""
    help_wanted: Text = ""
    evidence: Text = ""
    private: bool = False
    base_version: Version | None = None


class Skip(Form):
    """Why a month is skipped."""

    reason: Required
    base_version: Version | None = None


class Ask(Form):
    """A question to a community, by its slug; `check_in` is the check-in that it comes from."""

    community: Line
    title: Required
    body: Written
    check_in: Id | None = None
    client_id: Key | None = None


class Source(Form):
    """The check-in from which a question is asked; without one, the local challenge."""

    check_in: Id | None = None


class ChallengeOut(Out):
    """The local challenge in the API; a field that the reader may not read is empty."""

    number: int
    goal: str
    step: str
    obstacle: str
    next_step: str
    help_wanted: str
    private: list[str]
    author: str
    restored_from: int | None
    made: str

    @classmethod
    def of(cls, row: ChallengeVersion) -> dict[str, Any]:
        """Return the fields of a version."""
        return {
            "number": row.number,
            "goal": row.goal,
            "step": row.step,
            "obstacle": row.obstacle,
            "next_step": row.next_step,
            "help_wanted": row.help_wanted,
            "private": row.private,
            "author": row.person.name if row.person else "",
            "restored_from": row.restored_from,
            "made": clock.rfc3339(row.made),
        }


class CheckInOut(Out):
    """A check-in in the API; `month` is its first day."""

    id: int
    month: date
    state: CheckInState
    standing: str
    obstacle: str
    help_wanted: str
    evidence: str
    reason: str
    private: bool
    version: int
    answered_by: str
    answered: str | None

    @classmethod
    def of(cls, row: CheckIn) -> dict[str, Any]:
        """Return the fields of a check-in."""
        same = (
            "id",
            "month",
            "state",
            "standing",
            "obstacle",
            "help_wanted",
            "evidence",
            "reason",
            "private",
            "version",
        )
        return {
            **{name: getattr(row, name) for name in same},
            "answered_by": row.answered_by.name if row.answered_by else "",
            "answered": clock.rfc3339(row.answered) if row.answered else None,
        }


class PartnerOut(BaseModel):
    """An organisation of a partnership; `consent` to show its work outside the programme is given, withdrawn or empty."""

    id: int
    name: str
    consent: str


class PartnershipOut(BaseModel):
    """A partnership in the API; of its challenge the fields that the reader may not read are empty."""

    id: int
    name: str
    url: str
    challenge: str
    step: str = ""
    obstacle: str = ""
    next_step: str = ""
    help_wanted: str = ""
    version: int = 0  # of the challenge
    organisations: list[PartnerOut] = []
    people: list[int] = []


class QuestionOut(BaseModel):
    """The question that was asked."""

    thread: int
    url: str
