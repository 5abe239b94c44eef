"""Who was at a meeting, what the screens of its day show, and the queries on both."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Literal, NamedTuple

from sqlalchemy import Date, ForeignKey, Select, String, func, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from cop import access
from cop.agenda.models import BlockRow, QuestionRow, blocks_of, questions_of
from cop.base import clock
from cop.base.db import Base, db, insert_of
from cop.meetings.guests import MeetingGuest
from cop.meetings.models import Invitee, Meeting, MeetingDay, days_of, prepares
from cop.society.memberships import surname
from cop.society.organisations import Organisation
from cop.society.people import GUEST, Person, shown_name

State = Literal["present", "late", "absent"]

LATE = timedelta(minutes=15)  # after the start of the day: who scans the code then is late
AROUND = timedelta(minutes=60)  # before the start of the day and after its end, in which the code works
FOUND = 20  # people whom a search finds beside those who were expected
TOP = 5  # questions on the screen for everybody
MOST = 10  # questions on the screen of who leads the meeting


class Attendance(Base):
    """A person at a meeting on one of its days; `marked_by` is None where they said so themselves.

    state: present · late · absent, which the team noted of who was expected.
    """

    __tablename__ = "attendance"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    state: Mapped[str] = mapped_column(String(8))
    at: Mapped[datetime]
    marked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)


class DayVersion(Base):
    """How often what the screens of a meeting's day show has changed."""

    __tablename__ = "day_version"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(default=0)


def attended(meeting_id: int) -> list[int]:
    """Return the ids of the people who were at a meeting, on any of its days."""
    return list(
        db.session.scalars(
            select(Attendance.person_id)
            .where(Attendance.meeting_id == meeting_id, Attendance.state != "absent")
            .distinct()
            .order_by(Attendance.person_id)
        )
    )


def mark_of(meeting_id: int, person_id: int, day: date) -> Attendance | None:
    """Return what is noted of a person on a day of a meeting, None while nothing is."""
    return db.session.get(Attendance, (meeting_id, person_id, day), populate_existing=True)


# Days


def code_window(day: MeetingDay) -> MeetingDay:
    """Return from when until when the code of a day works; of a whole day exactly that."""
    return day if day.all_day else MeetingDay(day.starts - AROUND, day.ends + AROUND)


def present_day(meeting: Meeting) -> MeetingDay:
    """Return the day of a meeting that is now or comes next, after its end the last."""
    days = days_of(meeting)
    return next((one for one in days if clock.now() < code_window(one).ends), days[-1])


def runs_day(person: Person, meeting: Meeting) -> bool:
    """Return whether a person runs the day of a meeting that takes place: its team, and the people of its host."""
    return meeting.status not in ("draft", "cancelled") and prepares(person, meeting)


# The list


class ListedPerson(NamedTuple):
    """Somebody on the list of a day: who said that they would come, or who was there on one of its days.

    state: "" while nothing is noted. own: they said themselves that they are here.
    guest: invited by mail, without an account.
    """

    person: int
    name: str
    organisation: str
    expected: bool
    state: str
    at: datetime | None
    own: bool
    guest: bool


class Count(NamedTuple):
    """How many people are here on a day, of how many who are expected or here."""

    here: int
    all: int


def list_of(meeting_id: int, day: date, words: str = "") -> list[ListedPerson]:
    """Return the list of a day by surname, or the part whose name or organisation has these words."""
    rows = [_listed(row) for row in db.session.execute(_rows(meeting_id, day).where(Person.id.in_(_known(meeting_id))))]
    if part := words.casefold():
        rows = [row for row in rows if part in row.name.casefold() or part in row.organisation.casefold()]
    return sorted(rows, key=lambda row: (surname(row.name), row.person))


def listed_person(meeting_id: int, day: date, person_id: int) -> ListedPerson:
    """Return one person as the list shows them, whether they are on it or were taken off."""
    return _listed(db.session.execute(_rows(meeting_id, day).where(Person.id == person_id)).one())


def others_of(meeting: Meeting, day: date, words: str) -> list[ListedPerson]:
    """Return people of the audience who are not on the list, whose name or organisation has these words."""
    if not words:
        return []
    found = or_(*(column.icontains(words, autoescape=True) for column in (Person.name, Person.mail, Organisation.name)))
    query = _rows(meeting.id, day).where(
        access.readers_of(meeting.audience_id),
        Person.state == "active",
        Person.id.not_in(_known(meeting.id)),
        found,
    )
    rows = [_listed(row) for row in db.session.execute(query.order_by(func.lower(Person.name), Person.id).limit(FOUND))]
    return sorted(rows, key=lambda row: (surname(row.name), row.person))


def may_be_listed(meeting: Meeting, person_id: int) -> bool:
    """Return whether a person is on the list of a meeting, or in its audience."""
    here = access.readers_of(meeting.audience_id) & (Person.state == "active")
    found = select(Person.id).where(Person.id == person_id, or_(Person.id.in_(_known(meeting.id)), here))
    return db.session.scalar(found) is not None


def count_of(meeting_id: int, day: date) -> Count:
    """Return how many people are here on a day, in one statement."""
    here = select(Attendance.person_id).where(
        Attendance.meeting_id == meeting_id, Attendance.day == day, Attendance.state != "absent"
    )
    everybody = _coming(meeting_id).union(here).subquery()
    counted = (select(func.count()).select_from(one).scalar_subquery() for one in (here.subquery(), everybody))
    return Count(*db.session.execute(select(*counted)).one())


def _coming(meeting_id: int) -> Select[Any]:
    return select(Invitee.person_id).where(Invitee.meeting_id == meeting_id, Invitee.answer == "yes")


def _known(meeting_id: int) -> Any:
    """Return the select of the ids of those who said that they would come, or of whom something is noted."""
    return _coming(meeting_id).union(select(Attendance.person_id).where(Attendance.meeting_id == meeting_id))


def _rows(meeting_id: int, day: date) -> Select[Any]:
    invited = (Invitee.meeting_id == meeting_id) & (Invitee.person_id == Person.id)
    noted = (Attendance.meeting_id == meeting_id) & (Attendance.person_id == Person.id) & (Attendance.day == day)
    query: Any = (  # SQLAlchemy types ten columns at most
        select(
            Person.id,
            Person.name,
            Person.mail,
            Person.former,
            (Person.state == GUEST).label("guest"),
            func.coalesce(MeetingGuest.organisation, Organisation.name).label("organisation"),
            Invitee.answer,
            Attendance.state,
            Attendance.at,
            Attendance.marked_by,
        )
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .outerjoin(MeetingGuest, MeetingGuest.person_id == Person.id)
        .outerjoin(Invitee, invited)
        .outerjoin(Attendance, noted)
    )
    return query


def _listed(row: Any) -> ListedPerson:
    return ListedPerson(
        row.id,
        shown_name(row.name, row.former, guest=bool(row.guest), mail=row.mail),
        row.organisation or "",
        row.answer == "yes",
        row.state or "",
        row.at,
        row.state is not None and row.marked_by is None,
        bool(row.guest),
    )


# The screens


class DayState(NamedTuple):
    """What the screens of a day show: the block that is now and the next one, when that changes, and the questions.

    chosen: the questions that are put on the block that is now.
    """

    seq: int
    day: MeetingDay
    now: BlockRow | None
    next: BlockRow | None
    until: datetime | None
    counted: Count
    questions: list[QuestionRow]

    @property
    def chosen(self) -> list[QuestionRow]:
        """The questions that are put on the block that is now."""
        return [one for one in self.questions if self.now and one.block_id == self.now.id]

    @property
    def open(self) -> list[QuestionRow]:
        """The questions for who leads the meeting: those on the block that is now first, then by votes."""
        chosen = self.chosen
        return [*chosen, *(one for one in self.questions if one not in chosen)][:MOST]


def day_state(meeting: Meeting) -> DayState:
    """Return what the screens of a meeting's day show now."""
    day, now = present_day(meeting), clock.now()
    seq = seq_of(meeting.id)  # read first: what changes meanwhile is shown again
    number = days_of(meeting).index(day) + 1
    blocks = [one for one in blocks_of(meeting.id) if one.day == number]
    current = next((one for one in blocks if one.starts <= now < one.ends), None)
    following = next((one for one in blocks if one.starts > now), None)
    changes = current.ends if current else following.starts if following else day.ends
    return DayState(
        seq,
        day,
        current,
        following,
        changes if changes > now else None,
        count_of(meeting.id, day.date),
        questions_of(meeting.id),
    )


def seq_of(meeting_id: int) -> int:
    """Return the number of the last change that the screens of a day show; the first is 1."""
    found = db.session.scalar(select(DayVersion.seq).where(DayVersion.meeting_id == meeting_id))
    return (found or 0) + 1


def raise_seq(meeting_id: int) -> None:
    """Count a change that the screens of a day show."""
    insert = insert_of(DayVersion).values(meeting_id=meeting_id, seq=1)
    db.session.execute(
        insert.on_conflict_do_update(index_elements=["meeting_id"], set_={"seq": DayVersion.seq + 1}),
        execution_options={"changes": ()},
    )


def last_seq(person: Person, meeting_id: int) -> int | None:
    """Return the number of the last change for who runs the day of a meeting, None for others."""
    meeting = db.session.scalar(select(Meeting).where(Meeting.id == meeting_id, access.visible_to(person, Meeting)))
    return seq_of(meeting_id) if meeting is not None and runs_day(person, meeting) else None
