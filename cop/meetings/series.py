"""Series of meetings: what a person sees of one, and which series a meeting can belong to."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, delete, func, or_, select

from cop import access
from cop.base.db import db
from cop.base.errors import Invalid, NotFound
from cop.base.words import _
from cop.meetings.models import Meeting, MeetingSeries, owner_of, programme_of
from cop.society.people import Person

FEWEST_DATES, MOST_DATES = 2, 8  # of a series that is planned
MOST_CHOICES = 50


class SeriesMeeting(NamedTuple):
    """A meeting of a series."""

    id: int
    title: str
    status: str
    starts: datetime
    ends: datetime
    audience_id: int

    @property
    def url(self) -> str:
        return f"/meetings/{self.id}"


class SeenSeries(NamedTuple):
    """A series as one person sees it: its meetings that they see, the first one first."""

    id: int
    title: str
    text: str
    meetings: tuple[SeriesMeeting, ...]

    @property
    def url(self) -> str:
        return f"/series/{self.id}"

    def number(self, meeting_id: int) -> int:
        """Return the number of a meeting among those that the person sees."""
        return [row.id for row in self.meetings].index(meeting_id) + 1


def seen_series(person: Person, id: int | None) -> SeenSeries | None:
    """Return a series, None where there is none for a person.

    A single meeting is no series, except for those who plan it.
    """
    if id is None:
        return None
    rows = db.session.execute(_seen(person).where(Meeting.series_id == id)).all()
    meetings = tuple(SeriesMeeting(*row[2:]) for row in rows)
    plans = access.rights(person).plans
    if len(meetings) < 2 and not any(plans(row.audience_id) for row in meetings):
        return None
    return SeenSeries(id, rows[0][0], rows[0][1], meetings)


def _seen(person: Person) -> Select[Any]:
    query: Any = (  # SQLAlchemy would type each column
        select(
            MeetingSeries.title,
            MeetingSeries.text,
            Meeting.id,
            Meeting.title,
            Meeting.status,
            Meeting.starts,
            Meeting.ends,
            Meeting.audience_id,
        )
        .join(MeetingSeries, MeetingSeries.id == Meeting.series_id)
        .where(access.visible_to(person, Meeting))
        .order_by(Meeting.starts, Meeting.id)
    )
    return query


def find_series(person: Person, id: int) -> tuple[MeetingSeries, SeenSeries]:
    """Return a series and what a person sees of it; raise NotFound where that is nothing."""
    seen = seen_series(person, id)
    if seen is None:
        raise NotFound
    return db.session.get_one(MeetingSeries, id), seen


def drafts_of(person: Person, series: MeetingSeries) -> list[Meeting]:
    """Return the drafts of a series that a person sees, the first one first."""
    drafts = select(Meeting).where(
        Meeting.series_id == series.id, Meeting.status == "draft", access.visible_to(person, Meeting)
    )
    return list(db.session.scalars(drafts.order_by(Meeting.starts, Meeting.id)))


class Reach(NamedTuple):
    """How many people an announcement reaches, with how many mails together."""

    people: int
    mails: int


def reach(meetings: list[Meeting]) -> Reach:
    """Return whom the announcement of these meetings reaches."""
    audiences = sorted({meeting.audience_id for meeting in meetings})
    conditions = [access.readers_of(id) for id in audiences]
    people = select(func.count(), *(func.count().filter(condition) for condition in conditions)).select_from(Person)
    whole, *each = db.session.execute(people.where(Person.state == "active", or_(*conditions))).one()
    reached = dict(zip(audiences, each, strict=True))
    return Reach(whole, sum(reached[meeting.audience_id] for meeting in meetings))


def choices(person: Person, meeting: Meeting) -> list[tuple[int, str]]:
    """Return the series to which a person can add a meeting, and its own, as (id, title).

    They are those of its audience and of its programme that the person plans.
    """
    plans = access.rights(person).plans
    audiences = {meeting.audience_id, programme_of(owner_of(meeting)).audience_id}
    planned = MeetingSeries.audience_id.in_([id for id in audiences if plans(id)])
    found = select(MeetingSeries.id, MeetingSeries.title).where(or_(planned, MeetingSeries.id == meeting.series_id))
    rows = db.session.execute(found.order_by(MeetingSeries.id.desc()).limit(MOST_CHOICES)).all()
    return [(row.id, row.title) for row in rows]


def choose_series(person: Person, meeting: Meeting, id: int) -> None:
    """Make a meeting one of a series, or of none for 0. Raise Invalid for a series that the person cannot choose."""
    if id and id not in {known for known, _title in choices(person, meeting)}:
        raise Invalid(errors={"series": _("Kies een reeks uit de lijst.")})
    before, meeting.series_id = meeting.series_id, id or None
    db.session.flush()
    if before != meeting.series_id:
        remove_empty(before)


def remove_empty(id: int | None) -> None:
    """Delete a series that has no meetings any more."""
    if id is not None:
        left = select(Meeting.id).where(Meeting.series_id == id)
        db.session.execute(delete(MeetingSeries).where(MeetingSeries.id == id, ~left.exists()))
