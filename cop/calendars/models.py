"""Queries of the calendar pages: the meetings and deadlines of a month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Date, func, literal, null, select, union_all

from cop import access
from cop.base import clock
from cop.base.db import UtcDateTime, db
from cop.calendars.months import Month
from cop.intake.models import Call, CallWindow
from cop.meetings.models import OPEN, Invitee, Meeting, MeetingDay
from cop.meetings.tentative import TentativeTime, times_between
from cop.society.people import Person
from cop.society.programmes import Phase, Programme

MOST = 500  # meetings in one month
# Whose meetings of a day come first on a person's own calendar: by their answer.
COMING, OPEN_ANSWER, NOT_COMING = 0, 1, 2
RANKS = {"yes": COMING, "maybe": COMING, "waiting": COMING, "no": NOT_COMING}


class CalendarMeeting(NamedTuple):
    """A meeting in the calendar of one person, with their answer."""

    id: int
    title: str
    audience_id: int
    meeting_kind: str
    status: str
    venue: str
    online: bool
    starts: datetime
    ends: datetime
    answer: str | None
    answered_sequence: int | None
    time_sequence: int

    @property
    def url(self) -> str:
        return f"/meetings/{self.id}"

    @property
    def answerable(self) -> bool:
        """Whether the person can answer it."""
        return self.status in OPEN and clock.now() < self.starts

    @property
    def asked_again(self) -> bool:
        """Whether it was moved to another time since the person answered."""
        return bool(self.answer) and (self.answered_sequence or 0) < self.time_sequence


class Occasion(NamedTuple):
    """A day of a meeting in a calendar: day `number` of `total`."""

    meeting: CalendarMeeting
    starts: datetime
    ends: datetime
    number: int
    total: int

    @property
    def all_day(self) -> bool:
        """Whether it lasts from midnight to midnight."""
        return clock.whole_days(self.starts, self.ends) is not None


def meetings_of(person: Person, month: Month, audiences: list[int] | None = None) -> list[CalendarMeeting]:
    """Return the meetings of a month that a person may see: those of these audiences, or all of them."""
    query: Any = (  # SQLAlchemy types ten columns at most
        select(
            Meeting.id,
            Meeting.title,
            Meeting.audience_id,
            Meeting.meeting_kind,
            Meeting.status,
            Meeting.venue,
            (Meeting.video_url != "").label("online"),
            Meeting.starts,
            Meeting.ends,
            Invitee.answer,
            Invitee.answered_sequence,
            Meeting.time_sequence,
        )
        .outerjoin(Invitee, (Invitee.meeting_id == Meeting.id) & (Invitee.person_id == person.id))
        .where(Meeting.starts < month.ends, Meeting.ends > month.begins, access.visible_to(person, Meeting))
        .order_by(Meeting.starts, Meeting.id)
        .limit(MOST)
    )
    if audiences is not None:
        query = query.where(Meeting.audience_id.in_(audiences))
    return [CalendarMeeting(*row) for row in db.session.execute(query)]


def by_day(
    meetings: list[CalendarMeeting], days: dict[int, list[MeetingDay]], month: Month, *, mine_first: bool = False
) -> dict[date, list[Occasion]]:
    """Return what happens on the days of a month; a meeting that goes on past midnight is on each of its dates.

    mine_first: the meetings of a day to which the person comes stand before the others, and those that they declined last.
    """
    found: defaultdict[date, list[Occasion]] = defaultdict(list)
    for meeting in meetings:
        each = days[meeting.id]
        for number, day in enumerate(each, 1):
            for date_ in clock.dates(day.starts, day.ends):
                if Month.of(date_) == month:
                    found[date_].append(Occasion(meeting, day.starts, day.ends, number, len(each)))
    for occasions in found.values():
        occasions.sort(key=lambda one: (_rank(one.meeting) if mine_first else 0, one.starts, one.meeting.id))
    return dict(sorted(found.items()))


def _rank(meeting: CalendarMeeting) -> int:
    """Return where a meeting stands on a day of a person's own calendar."""
    if meeting.status == "cancelled":
        return NOT_COMING
    return RANKS.get(meeting.answer or "", OPEN_ANSWER)


def tentative_by_day(
    person: Person, month: Month, audiences: list[int] | None = None
) -> dict[date, list[TentativeTime]]:
    """Return the times of a month at which a meeting may be, by day: of these audiences, or of all of a person's."""
    own = list(access.rights(person).roles) if audiences is None else audiences
    found: defaultdict[date, list[TentativeTime]] = defaultdict(list)
    for time in times_between(person, month.begins, month.ends, own):
        for day in clock.dates(time.starts, time.ends):
            if Month.of(day) == month:
                found[day].append(time)
    return dict(sorted(found.items()))


class Deadline(NamedTuple):
    """A date of a programme: `kind` is `phase` where a phase begins, `call` where a call closes; `name` is its own."""

    day: date
    kind: str
    name: str
    url: str
    programme: str


def deadlines_of(programmes: Iterable[int], month: Month) -> dict[date, list[Deadline]]:
    """Return the dates of programmes in a month: of their phases, and of their published calls."""
    phases = (
        select(
            literal("phase").label("kind"),
            Phase.kind.label("name"),
            Programme.slug,
            Programme.name.label("programme"),
            Phase.starts.label("day"),
            null().cast(UtcDateTime).label("closes"),
        )
        .join(Programme, Programme.id == Phase.programme_id)
        .where(Phase.programme_id.in_(programmes), Phase.starts >= month.first, Phase.starts <= month.last)
    )
    closes = func.max(CallWindow.closes)  # the last of its windows: a call can be opened again
    calls = (
        select(literal("call"), Call.title, Call.slug, Programme.name, null().cast(Date), closes)
        .join(CallWindow, CallWindow.call_id == Call.id)
        .join(Programme, Programme.id == Call.programme_id)
        .where(Call.programme_id.in_(programmes), Call.published.is_not(None))
        .group_by(Call.id, Call.title, Call.slug, Programme.name)
        .having(closes > month.begins, closes <= month.ends)
    )
    found: defaultdict[date, list[Deadline]] = defaultdict(list)
    for row in db.session.execute(union_all(phases, calls)):
        path = "programmes" if row.kind == "phase" else "calls"
        # What closes at midnight can be sent in on the whole day before.
        day = row.day or clock.last_date(row.closes)
        found[day].append(Deadline(day, row.kind, row.name, f"/{path}/{row.slug}", row.programme))
    return {day: sorted(found[day]) for day in sorted(found)}
