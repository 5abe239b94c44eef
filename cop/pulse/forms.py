"""Input and output models of the endpoints of the questions after a meeting."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel

from cop.base.forms import Form, Line
from cop.meetings.forms import DayOut
from cop.pulse.models import Useful


class Answer(Form):
    """An answer to the questions; it replaces an earlier one."""

    useful: Useful
    takes: Line = ""
    wants: Line = ""


class Chosen(Form):
    """The answer whose button was pressed in the mail."""

    useful: Useful | Literal[""] = ""


class AnswerOut(BaseModel):
    """The answer of the reader as it is now."""

    useful: Useful
    takes: str
    wants: str


class ResultsOut(BaseModel):
    """What was answered, for the team: numbers per answer, and the lines without names, in an order that tells nothing."""

    answers: int
    totals: dict[Useful, int]
    takes: list[str]
    wants: list[str]


class PulseOut(BaseModel):
    """The questions after a meeting as one person sees them.

    answer: that of the reader, until the questions close. totals: for everybody, after closing and of five answers or more.
    results, sends, asked: for the team. sends: when they are sent by themselves, None where they are not.
    """

    meeting: str
    state: Literal["waiting", "off", "open", "closed"]
    closes: date | None
    may_answer: bool
    answer: AnswerOut | None
    totals: dict[Useful, int] | None
    sends: datetime | None = None
    sent: datetime | None = None
    asked: int | None = None
    results: ResultsOut | None = None


class CertificateOut(BaseModel):
    """A certificate of attendance, with the days on which somebody was there.

    `name` is "" for a person without a name, who has to fill it in first.
    """

    name: str
    organisation: str
    meeting: str
    programme: str
    audience: str
    host: str
    venue: str
    days: list[DayOut]


class CertifiedOut(BaseModel):
    """A person who was at a meeting, with the address of their certificate."""

    person: int
    name: str
    organisation: str
    url: str
