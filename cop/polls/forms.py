"""Input and output models of the endpoints of polls."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, Field, model_validator

from cop.base.errors import Invalid
from cop.base.forms import Day, Form, Id, Ids, Line, Required, Version
from cop.base.moments import Moment, typed_moment
from cop.base.words import _
from cop.meetings.forms import Communities, Short, Text
from cop.meetings.models import MeetingKind
from cop.polls.models import MOST, Standing

Hours = Annotated[int, Field(ge=1, le=12)]
_VOTE = re.compile(r"vote_(\d{1,9})")


class Slot(NamedTuple):
    """A time to choose from; without `ends` it lasts as long as the poll says. row: of the form, 0 for a program."""

    starts: datetime
    ends: datetime | None = None
    row: int = 0


class Option(Form):
    """A time to choose from, also sent as its start alone; without `ends` it lasts `hours`."""

    starts: Moment
    ends: Moment | None = None
    row: int = Field(default=0, exclude=True)

    @model_validator(mode="before")
    @classmethod
    def start_alone(cls, sent: Any) -> Any:
        """Read a start alone."""
        return {"starts": sent} if isinstance(sent, str) else sent


def _rows(sent: Any) -> Any:
    """Combine the rows of a form, each with a day and its times, into options; a row without any is left out."""
    if not isinstance(sent, dict) or "option_1_starts_day" not in sent:
        return sent
    options: list[dict[str, Any]] = []
    errors: dict[str, str] = {}
    for number in range(1, MOST + 1):
        try:
            option = _row(sent, number)
        except Invalid as invalid:
            errors |= invalid.errors
        else:
            options += [option] if option else []
    if errors:
        raise Invalid(errors=errors)
    return {"closes": None, **sent, "options": options}


def _row(sent: dict[str, Any], number: int) -> dict[str, Any] | None:
    """Return an option of a form, which ends on the day on which it starts."""
    begins, ends = f"option_{number}_starts", f"option_{number}_ends"
    typed = {name: str(sent.get(name) or "").strip() for name in (f"{begins}_day", f"{begins}_time", f"{ends}_time")}
    if not any(typed.values()):
        return None
    for name in (f"{begins}_day", f"{begins}_time"):
        if not typed[name]:
            raise Invalid(errors={name: _("Vul dit in.")})
    if typed[f"{ends}_time"]:
        typed[f"{ends}_day"] = typed[f"{begins}_day"]
    moments = typed_moment(typed_moment(typed, begins), ends)
    return {"starts": moments[begins], "ends": moments.get(ends), "row": number}


class _Typed(Form):
    @model_validator(mode="before")
    @classmethod
    def typed(cls, sent: Any) -> Any:
        """Read the rows of a form."""
        return _rows(sent)

    def given(self) -> dict[str, Any]:
        """Return the fields that were sent, the options as slots."""
        given = super().given()
        if "options" in given:
            given["options"] = [Slot(one.starts, one.ends, one.row) for one in given["options"]]
        return given


class Make(_Typed):
    """A date poll to make; times without a zone are those of Amsterdam."""

    title: Required
    kind: MeetingKind
    options: Annotated[list[Option], Field(max_length=MOST)]
    hours: Hours = 2
    purpose: Text = ""
    venue: Line = ""
    closes: Day | None = None
    communities: Communities = []


class Edit(_Typed):
    """Changes to a date poll. An option with the same times keeps its votes; base_version: the version that is changed."""

    title: Required = ""
    kind: MeetingKind = "other"
    options: Annotated[list[Option], Field(max_length=MOST)] = []
    hours: Hours = 2
    purpose: Text = ""
    venue: Line = ""
    closes: Day | None = None
    communities: Communities = []
    base_version: Version | None = None


class Vote(Form):
    """An answer to a poll, by the ids of its options: "" takes a vote back, what is left out stays as it was."""

    votes: dict[Id, Literal["yes", "rather_not", "no", ""]] = {}
    remark: Short = ""

    @model_validator(mode="before")
    @classmethod
    def typed(cls, sent: Any) -> Any:
        """Read the votes of a form, a field each."""
        if not isinstance(sent, dict) or "votes" in sent:
            return sent
        votes = {found[1]: value for name, value in sent.items() if (found := _VOTE.fullmatch(name))}
        return {**sent, "votes": votes}


class Choose(Form):
    """The option on which the meeting takes place."""

    option: Id


class Choosing(Form):
    """The option that would be chosen."""

    option: Annotated[int, Field(ge=0)] = 0


class Require(Form):
    """The people who must be there."""

    people: Ids = []


class Listing(Form):
    """A part of the list of polls."""

    after: Id | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50


class OptionOut(BaseModel):
    """An option with its totals and the vote of the reader; the best comes first."""

    id: int
    starts: datetime
    ends: datetime
    yes: int
    rather_not: int
    no: int
    chosen: bool
    vote: str = ""

    @classmethod
    def of(cls, row: Standing, vote: str) -> OptionOut:
        """Return an option for the API."""
        same = ("id", "starts", "ends", "yes", "rather_not", "no", "chosen")
        return cls(**{name: getattr(row, name) for name in same}, vote=vote)


class PersonOut(BaseModel):
    """What one person answered, for the team; `votes` by the id of the option."""

    person: int
    name: str
    organisation: str
    required: bool
    remark: str
    answered: datetime | None
    votes: dict[int, str]


class PollOut(BaseModel):
    """A date poll as one person sees it; `people` for the team only."""

    id: int
    url: str
    title: str
    kind: str
    status: str
    audience: str
    purpose: str
    venue: str
    hours: int
    closes: date | None
    answerable: bool
    meeting: str | None
    version: int
    options: list[OptionOut]
    remark: str = ""
    people: list[PersonOut] | None = None


class VoteOut(BaseModel):
    """The answer as it is now; `gone`: ids of options that were sent but can no longer be chosen."""

    votes: dict[int, str]
    remark: str
    gone: list[int]


class Reminded(BaseModel):
    """How many people were reminded."""

    people: int


class PollRow(BaseModel):
    """A date poll in a list; `answered`: when the reader did."""

    id: int
    url: str
    title: str
    kind: str
    status: str
    closes: date | None
    answerable: bool
    answered: datetime | None
