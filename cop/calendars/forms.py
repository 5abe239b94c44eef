"""Input and output models of the endpoints of calendars."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel
from pydantic_core import PydanticCustomError

from cop.base import clock
from cop.base.forms import Form, Line, Out
from cop.calendars.models import Occasion
from cop.calendars.months import Month


def _month(key: str) -> str:
    try:
        return Month.read(key).key if key else ""
    except ValueError:
        raise PydanticCustomError("month", "not a month") from None


class Asked(Form):
    """Which month to show, such as `2017-12`, and how; without one the current month."""

    show: Literal["days", "month"] = "days"
    month: Annotated[Line, AfterValidator(_month)] = ""


class CalendarDay(Out):
    """A day of a meeting in a calendar; `answer` is that of the reader, `day` its number of `days`."""

    id: int
    url: str
    title: str
    kind: str
    status: str
    venue: str
    online: bool
    starts: str
    ends: str
    all_day: bool
    day: int
    days: int
    answer: str

    @classmethod
    def of(cls, row: Occasion) -> dict[str, Any]:
        """Return the fields of a day of a meeting."""
        meeting = row.meeting
        return {
            **{name: getattr(meeting, name) for name in ("id", "url", "title", "status", "venue", "online")},
            "kind": meeting.meeting_kind,
            "starts": clock.rfc3339(row.starts),
            "ends": clock.rfc3339(row.ends),
            "all_day": row.all_day,
            "day": row.number,
            "days": row.total,
            "answer": meeting.answer or "",
        }


class MakeFeed(Form):
    """Which meetings a calendar to subscribe to has: those of a community by its slug, or all of one's own."""

    community: Line = ""


class FeedOut(BaseModel):
    """A calendar to subscribe to; `name` is that of its community, "" for all meetings."""

    id: int
    name: str
    made: datetime


class FeedMade(FeedOut):
    """A new calendar with its address, which is shown only once."""

    address: str
