"""Input and output models of the endpoints of reviews and decisions."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints, model_validator

from cop.base.forms import Form, Id, Mail, OptionalName, Required, Whole
from cop.intake.forms import Key, Prose, Short
from cop.society.organisations import ORGANISATION_KINDS

Reference = Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,4}-[A-Z0-9]{5}$")]


class ReviewerNew(Form):
    """Somebody to invite as a reviewer."""

    mail: Mail
    name: OptionalName = ""


class Assign(Form):
    """Applications for one reviewer, or the number of reviewers that each application gets."""

    applications: Annotated[list[Reference], Field(max_length=1000)] = []
    reviewer: Id | None = None
    each: Annotated[int, Field(ge=1, le=10)] | None = None


class Declare(Form):
    """Whether there is a conflict of interest."""

    conflict: bool


class ReviewSave(Form):
    """Scores by criterion, the remarks, and whether the review is finished."""

    scores: Annotated[dict[Key, Annotated[int, Field(ge=1, le=5)]], Field(max_length=30)] = {}
    for_applicant: Prose = ""
    for_reviewers: Prose = ""
    reason: Short = ""
    finish: Literal["", "done", "abstained"] = ""

    @model_validator(mode="before")
    @classmethod
    def collected(cls, sent: Any) -> Any:
        """Collect the fields `score-c4` of a form."""
        if not isinstance(sent, dict) or "scores" in sent:
            return sent
        scores = {
            name.removeprefix("score-"): value for name, value in sent.items() if name.startswith("score-") and value
        }
        return {**sent, "scores": scores}


class Propose(Form):
    """A proposed outcome, and what the meeting said."""

    outcome: Literal["none", "admit", "reserve", "refuse"] | None = None
    rank: Annotated[int, Field(ge=1, le=1000)] | None = None
    reason: Short | None = None
    shortlisted: bool | None = None
    note: Short | None = None


class EditMail(Form):
    """The mail that announces an outcome, and the version that was read."""

    subject: Required
    text: Annotated[str, Whole, StringConstraints(strip_whitespace=True, min_length=1, max_length=10_000)]
    mail_version: Annotated[int, Field(ge=0)]
    ready: bool = False


class Send(Form):
    """The mails to send, each as `<reference>:<version that was read>`."""

    mails: Annotated[list[Annotated[str, StringConstraints(max_length=30)]], Field(max_length=1000)] = []


class Around(Form):
    """Which page of a list is shown: the one with the application `at`."""

    at: Annotated[str, Field(max_length=40)] = ""


class Filters(Around):
    """Which applications the table shows."""

    state: Literal["", "draft", "submitted", "withdrawn"] = ""
    outcome: Literal["", "none", "admit", "reserve", "refuse"] = ""
    kind: Literal["", *ORGANISATION_KINDS] = ""  # type: ignore[valid-type]
    sort: Literal["median", "spread", "name", "received"] = "median"
    shortlisted: bool = False


class ReviewerOut(BaseModel):
    """A reviewer in the API."""

    id: int
    name: str
    ended: datetime | None

    @model_validator(mode="before")
    @classmethod
    def of(cls, row: Any) -> Any:
        """Return the fields of a row."""
        return row if isinstance(row, dict) else {"id": row.id, "name": row.person.name, "ended": row.ended}


class Assigned(BaseModel):
    """How many reviews were assigned."""

    assigned: int


class ReviewOut(BaseModel):
    """A review in the API, as its reviewer sees it; the application stays closed until a conflict is denied."""

    id: int
    reference: str
    title: str
    state: str
    suggested: bool
    scores: dict[str, int]
    for_applicant: str
    for_reviewers: str
    answers: dict[str, Any] | None = None
    others: list[dict[str, Any]] | None = None


class QueueOut(BaseModel):
    """The reviews that are assigned to the viewer."""

    items: list[ReviewOut]


class DecisionOut(BaseModel):
    """A proposed decision in the API."""

    reference: str
    outcome: str
    rank: int | None
    reason: str
    note: str
    shortlisted: bool
    subject: str
    text: str
    mail_state: str
    mail_version: int

    @model_validator(mode="before")
    @classmethod
    def of(cls, row: Any) -> Any:
        """Return the fields of a row."""
        if isinstance(row, dict):
            return row
        names = cls.model_fields.keys() - {"reference"}
        return {"reference": row.application.reference, **{name: getattr(row, name) for name in names}}


class Sent(BaseModel):
    """The references of the applications whose outcome was announced."""

    sent: list[str]


class TableRow(BaseModel):
    """An application in the team's table."""

    reference: str
    title: str
    state: str
    kinds: list[str]
    region: str
    submitted: datetime | None
    median: float | None
    spread: float | None
    done: int
    assigned: int
    outcome: str


class TableOut(BaseModel):
    """The team's table of a call."""

    items: list[TableRow]
    composition: dict[str, int]
