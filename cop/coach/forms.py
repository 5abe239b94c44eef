"""Input and output of the desk."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field, StringConstraints, field_serializer

from cop.base import clock
from cop.base.forms import Day, Form, Id, Ids, Out, Required, Whole
from cop.coach.models import DeskSettings, SignalKind

Weeks = Annotated[int, Field(ge=1, le=52)]
Days = Annotated[int, Field(ge=1, le=60)]


def _lines(value: Any) -> Any:
    """Return a list of days, which a form sends as lines."""
    return [line.strip() for line in value.splitlines() if line.strip()] if isinstance(value, str) else value


class Message(Form):
    """A mail to people about a signal; `seen` is the last message about it that the sender knows of, 0 for none."""

    people: Ids = []
    title: Required
    text: Annotated[str, Whole, StringConstraints(min_length=1, max_length=5000, strip_whitespace=True)]
    seen: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None


class Aside(Form):
    """A signal to set aside as it was shown: for some days, or without `days` as done."""

    since: Day
    days: Annotated[int, Field(ge=1, le=90)] | None = None


class Configure(Form):
    """What counts as too long in a programme; `free_days` are days off besides the holidays."""

    silent_weeks: Weeks
    answer_days: Days
    region: Literal["", "north", "middle", "south"] = ""
    free_days: Annotated[list[Day], BeforeValidator(_lines), Field(max_length=100)] = []


class WrittenOut(BaseModel):
    """The last mail about a signal."""

    at: datetime
    by: str
    to: list[str]

    @field_serializer("at")
    def moment(self, value: datetime) -> str:
        """RFC 3339, UTC."""
        return clock.rfc3339(value)


class SignalOut(Out):
    """A signal; `key` names it in addresses, `url` is where it is settled."""

    programme: int
    kind: SignalKind
    key: str
    state: Literal["act", "waiting", "aside"]
    name: str
    place: str
    url: str
    since: date
    until: date | None
    number: int
    details: list[str]
    written: WrittenOut | None
    aside_until: date | None

    @classmethod
    def of(cls, row: Any) -> dict[str, Any]:
        """Return the fields from the state and a row of a desk."""
        state, one = row
        signal = one.signal
        return {
            "programme": signal.programme_id,
            "kind": signal.kind,
            "key": signal.key,
            "state": state,
            "name": signal.name,
            "place": signal.place,
            "url": signal.url,
            "since": signal.since,
            "until": signal.until,
            "number": signal.number,
            "details": list(signal.details),
            "written": one.written and {"at": one.written.at, "by": one.written.by, "to": list(one.written.to)},
            "aside_until": one.aside.until if one.aside else None,
        }


class CoachMessageOut(BaseModel):
    """How many people a message was sent to."""

    recipients: int
    last: int


class AsideOut(BaseModel):
    """A signal that was set aside; without `until` it is done."""

    kind: SignalKind
    subject_id: Id
    since: date
    until: date | None


class SettingsOut(Out):
    """What counts as too long in a programme."""

    silent_weeks: int
    answer_days: int
    region: str
    free_days: list[str]

    @classmethod
    def of(cls, row: DeskSettings) -> dict[str, Any]:
        """Return the fields of the settings."""
        return {
            "silent_weeks": row.silent_weeks,
            "answer_days": row.answer_days,
            "region": row.region,
            "free_days": row.free_days,
        }
