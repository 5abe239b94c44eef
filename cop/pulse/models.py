"""The questions after a meeting with their answers, who was there, and the queries on them."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from secrets import token_hex
from typing import Any, Literal, NamedTuple

from sqlalchemy import ColumnElement, Date, ForeignKey, String, Text, and_, exists, func, or_, select, true
from sqlalchemy.orm import Mapped, mapped_column

from cop import access
from cop.attendance.models import Attendance, attended
from cop.base import clock
from cop.base.db import Base, db
from cop.base.signing import keys
from cop.base.working_days import is_working_day, working_days_after
from cop.meetings import answer_links
from cop.meetings.models import MEETING, OPEN, Invitee, Meeting, MeetingDay, days_of, read_link
from cop.society.memberships import surname
from cop.society.organisations import Organisation
from cop.society.people import Person

Useful = Literal["yes", "partly", "hardly", "no"]
USEFUL: tuple[Useful, ...] = ("yes", "partly", "hardly", "no")
FEWEST = 5  # answers, below which only the team sees the totals
DAYS = 14  # that the questions can be answered
LATEST = timedelta(days=14)  # after the end: then they are no longer sent by themselves
HOURS = range(9, 18)  # of a working day, in Amsterdam, in which they are sent


class Pulse(Base):
    """The questions after a meeting; there is no row until the team or the platform did something with them.

    off: they are not sent by themselves. sent: when, to `asked` people. closes: the last day to answer. sealed: no answer
    can be traced to a person any more.
    """

    __tablename__ = "pulse"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True)
    off: Mapped[bool] = mapped_column(default=False)
    sent: Mapped[datetime | None]
    asked: Mapped[int] = mapped_column(default=0)
    closes: Mapped[date | None] = mapped_column(Date)
    sealed: Mapped[bool] = mapped_column(default=False)

    @property
    def answerable(self) -> bool:
        """Whether the questions can be answered, or an answer changed."""
        return self.closes is not None and clock.today() <= self.closes and not self.sealed

    @property
    def closed(self) -> bool:
        """Whether they could be answered and cannot any more."""
        return self.sent is not None and not self.answerable


class PulseAnswer(Base):
    """An answer to the questions after a meeting, without its person and without a time.

    key: a keyed hash of the meeting and the person while the answer can be changed, then a random value. mark: a random
    value that gives the lines their order. Without a rowid, because that would tell the order of the answers.
    """

    __tablename__ = "pulse_answer"
    __table_args__ = {"sqlite_with_rowid": False}  # as SQLAlchemy reads it

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), index=True)
    useful: Mapped[str] = mapped_column(String(8))
    takes: Mapped[str] = mapped_column(Text, default="")
    wants: Mapped[str] = mapped_column(Text, default="")
    mark: Mapped[str] = mapped_column(String(32), default=lambda: token_hex(16))


# Times


def over(meeting: Meeting) -> bool:
    """Return whether a meeting took place and is over."""
    return meeting.status in (*OPEN, "held") and meeting.ends <= clock.now()


def due_of(meeting: Meeting) -> datetime:
    """Return when the questions are sent by themselves: on the working day after the last day of the meeting."""
    day = working_days_after(clock.local(meeting.ends).date(), 1)
    return clock.from_local(datetime.combine(day, time(HOURS.start)))


def meetings_due() -> list[Meeting]:
    """Return the meetings of which the questions are sent now; none at night, in the weekend or on a holiday."""
    now = clock.local(clock.now())
    if now.hour not in HOURS or not is_working_day(now.date()):
        return []
    over_lately = select(Meeting).outerjoin(Pulse, Pulse.meeting_id == Meeting.id)
    found = over_lately.where(
        Meeting.status == "held",
        Meeting.ends > now - LATEST,
        or_(Pulse.meeting_id.is_(None), and_(Pulse.sent.is_(None), Pulse.off.is_(False))),
    )
    return [one for one in db.session.scalars(found.order_by(Meeting.id)) if due_of(one) <= now]


def meetings_to_seal() -> list[Meeting]:
    """Return the meetings whose questions have closed and whose answers can still be traced with the secret key."""
    closed = select(Meeting).join(Pulse, Pulse.meeting_id == Meeting.id)
    found = closed.where(Pulse.sealed.is_(False), Pulse.closes < clock.today()).order_by(Meeting.id)
    return list(db.session.scalars(found))


def lock(meeting: Meeting) -> Pulse:
    """Lock the questions of a meeting until the commit, and return them as they are now; every verb begins with it."""
    db.session.execute(select(MEETING.c.id).where(MEETING.c.id == meeting.id).with_for_update())
    found = db.session.get(Pulse, meeting.id, populate_existing=True)
    if found is None:
        found = Pulse(meeting_id=meeting.id, off=False, asked=0, sealed=False)
        db.session.add(found)
    return found


def pulse_of(meeting_id: int) -> Pulse | None:
    """Return the questions after a meeting, None where nothing was done with them yet."""
    return db.session.get(Pulse, meeting_id, populate_existing=True)


# Who was there


def _there(person_id: Any) -> ColumnElement[bool]:
    """Return the condition that somebody was at `Meeting`: noted as there, or, where nobody was, coming by their answer."""
    of_meeting = exists().where(Attendance.meeting_id == Meeting.id).correlate(Meeting)
    noted = of_meeting.where(Attendance.state != "absent")
    coming = exists().where(
        Invitee.meeting_id == Meeting.id,
        Invitee.person_id == person_id,
        Invitee.answer == "yes",
        Invitee.answered_sequence >= Meeting.time_sequence,
    )
    theirs = Attendance.person_id == person_id
    absent = of_meeting.where(theirs)
    return or_(
        noted.where(theirs).correlate(Meeting, Person),
        and_(~noted, ~absent.correlate(Meeting, Person), coming.correlate(Meeting, Person)),
    )


def people_there(meeting: Meeting) -> Sequence[Person]:
    """Return the active people who were at a meeting and still see it."""
    here = select(Person).join(Meeting, Meeting.id == meeting.id)
    found = here.where(_there(Person.id), access.readers_of(meeting.audience_id, meeting.id), Person.state == "active")
    return db.session.scalars(found.order_by(Person.id)).all()


def was_there(person: Person, meeting: Meeting) -> bool:
    """Return whether somebody was at a meeting."""
    return db.session.scalar(select(true()).where(Meeting.id == meeting.id, _there(person.id))) is not None


# Answers


def keys_of(meeting_id: int, person_id: int) -> list[str]:
    """Return the keys under which the answer of a person can be stored, that of the present secret key last."""
    about = f"pulse-answer:{meeting_id}:{person_id}".encode()
    return [hmac.new(secret.encode(), about, sha256).hexdigest() for secret in keys()]


def answer_of(meeting_id: int, person_id: int) -> PulseAnswer | None:
    """Return the answer of a person, None where they gave none, or where it can no longer be traced to them."""
    return db.session.scalar(
        select(PulseAnswer)
        .where(PulseAnswer.key.in_(keys_of(meeting_id, person_id)), PulseAnswer.meeting_id == meeting_id)
        .execution_options(populate_existing=True)
    )


class Results(NamedTuple):
    """What was answered: how many people, how many per answer, and the lines in an order that tells nothing."""

    answers: int
    totals: dict[Useful, int]
    takes: list[str]
    wants: list[str]


def results_of(meeting_id: int) -> Results:
    """Return what was answered about a meeting, for its team.

    Each question has an order of its own, which stays: neither the order of answering nor the two lines of one person
    can be told from it.
    """
    rows = db.session.scalars(select(PulseAnswer).where(PulseAnswer.meeting_id == meeting_id)).all()
    totals = {name: sum(row.useful == name for row in rows) for name in USEFUL}
    takes, wants = (
        [line for _place, line in sorted((_place(row.mark, name), getattr(row, name)) for row in rows) if line]
        for name in ("takes", "wants")
    )
    return Results(len(rows), totals, takes, wants)


def _place(mark: str, question: str) -> str:
    return sha256(f"{question}:{mark}".encode()).hexdigest()


def totals_of(pulse: Pulse) -> dict[Useful, int] | None:
    """Return the totals that everybody in the audience sees: once they cannot change any more, of five answers or more.

    Until then two totals after each other would tell what the person between them answered.
    """
    if not pulse.closed:
        return None
    counted = (
        select(PulseAnswer.useful, func.count())
        .where(PulseAnswer.meeting_id == pulse.meeting_id)
        .group_by(PulseAnswer.useful)
    )
    found: dict[str, int] = dict(db.session.execute(counted).all())
    return {name: found.get(name, 0) for name in USEFUL} if sum(found.values()) >= FEWEST else None


class Afterwards(NamedTuple):
    """What the page of a meeting needs to know about its questions and certificates, for one person."""

    sent: datetime | None
    closes: date | None
    off: bool
    sealed: bool
    asked: int
    there: bool
    noted: bool
    answered: bool

    @property
    def answerable(self) -> bool:
        return self.closes is not None and clock.today() <= self.closes and not self.sealed


def afterwards(person: Person, meeting: Meeting) -> Afterwards:
    """Return what somebody finds on the page of a meeting that is over, by one statement."""
    own = exists().where(PulseAnswer.meeting_id == meeting.id, PulseAnswer.key.in_(keys_of(meeting.id, person.id)))
    noted = exists().where(
        Attendance.meeting_id == meeting.id, Attendance.person_id == person.id, Attendance.state != "absent"
    )
    query: Any = (  # SQLAlchemy types another number of columns
        select(
            Pulse.sent,
            Pulse.closes,
            func.coalesce(Pulse.off, False),
            func.coalesce(Pulse.sealed, False),
            func.coalesce(Pulse.asked, 0),
            _there(person.id),
            noted,
            own,
        )
        .select_from(Meeting)
        .outerjoin(Pulse, Pulse.meeting_id == Meeting.id)
        .where(Meeting.id == meeting.id)
    )
    return Afterwards(*db.session.execute(query).one())


# Certificates


class Certified(NamedTuple):
    """A person who was at a meeting, as their certificate names them."""

    id: int
    name: str
    organisation: str


def certified(meeting_id: int) -> list[Certified]:
    """Return the people who were noted as at a meeting, by surname."""
    found = (
        select(Person.id, Person.name, func.coalesce(Organisation.name, ""))
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .where(Person.id.in_(attended(meeting_id)))
    )
    rows = [Certified(*row) for row in db.session.execute(found)]
    return sorted(rows, key=lambda row: (surname(row.name), row.id))


def days_at(meeting: Meeting, person_id: int) -> list[MeetingDay]:
    """Return the days of a meeting on which somebody was there; none where that was not noted."""
    found = select(Attendance.day).where(
        Attendance.meeting_id == meeting.id, Attendance.person_id == person_id, Attendance.state != "absent"
    )
    days = set(db.session.scalars(found))
    return [day for day in days_of(meeting) if day.date in days]


# The link in the mail

LINKS = "pulse-answer"


def answer_token(meeting_id: int, person_id: int) -> str:
    """Return the signed token by which one person answers the questions after a meeting without signing in."""
    return answer_links.sign(LINKS, meeting_id, person_id)


def read_answer_token(token: str) -> tuple[Meeting, Person] | None:
    """Return the meeting and person of a token, None unless it is valid and they may still see the meeting."""
    return read_link(LINKS, token)
