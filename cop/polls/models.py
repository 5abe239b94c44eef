"""Date polls with their options and answers, and the queries on them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import ColumnElement, ForeignKey, Select, String, Text, UniqueConstraint, and_, func, or_, select, true
from sqlalchemy.orm import Mapped, mapped_column

from cop import access
from cop.base import clock
from cop.base.db import Base, db
from cop.base.errors import NotFound
from cop.base.web import Slice
from cop.meetings import answer_links
from cop.society.memberships import surname
from cop.society.organisations import Organisation
from cop.society.people import Person

# draft: shown to those who plan for its audience · open: can be answered · chosen: a meeting was planned · withdrawn: can
# be opened again
Status = Literal["draft", "open", "chosen", "withdrawn"]
Vote = Literal["yes", "rather_not", "no"]

CHANGEABLE: tuple[Status, ...] = ("draft", "open", "withdrawn")
MOST = 12  # options of one poll
PAGE = 50
SHOWN = 200  # options in a month of a calendar


class Poll(Base):
    """A question to the people of an audience on which day they can meet.

    hours: how long an option lasts whose end is not given. closes: the last day to answer. asked: when it was opened or its
    newest option was added; an earlier answer does not know all of them. reminded: when those without an answer were.
    """

    __tablename__ = "poll"

    id: Mapped[int] = mapped_column(primary_key=True)
    audience_id: Mapped[int] = mapped_column(ForeignKey("audience.id"), index=True)
    title: Mapped[str]
    meeting_kind: Mapped[str] = mapped_column(String(12))
    purpose: Mapped[str] = mapped_column(Text, default="")
    venue: Mapped[str] = mapped_column(default="")
    hours: Mapped[int] = mapped_column(default=2)
    closes: Mapped[date | None]
    status: Mapped[str] = mapped_column(String(12), default="draft")
    made: Mapped[datetime]
    asked: Mapped[datetime | None]
    reminded: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=0)
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"), index=True)

    @property
    def url(self) -> str:
        return f"/polls/{self.id}"

    @property
    def answerable(self) -> bool:
        """Whether people can answer it, or change their answer."""
        return self.status == "open" and (self.closes is None or clock.today() <= self.closes)


class PollOption(Base):
    """A time that people can choose. Another time is another option: votes are for one time only.

    One that was taken out stays as a row without votes, so that its id, which an open form may send, never means another.
    """

    __tablename__ = "poll_option"
    __table_args__ = (UniqueConstraint("poll_id", "starts", "ends"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id"))
    starts: Mapped[datetime]
    ends: Mapped[datetime]
    chosen: Mapped[bool] = mapped_column(default=False)
    removed: Mapped[bool] = mapped_column(default=False)

    @property
    def over(self) -> bool:
        """Whether its start is over."""
        return self.starts <= clock.now()


class PollPerson(Base):
    """A person who answered a poll, must be there, or both."""

    __tablename__ = "poll_person"

    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    required: Mapped[bool] = mapped_column(default=False)
    remark: Mapped[str] = mapped_column(Text, default="")
    answered: Mapped[datetime | None]


class PollVote(Base):
    """What a person thinks of an option; no row: nothing yet, which is not a no."""

    __tablename__ = "poll_vote"

    option_id: Mapped[int] = mapped_column(ForeignKey("poll_option.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    vote: Mapped[str] = mapped_column(String(12))


# Finding


def visible(person: Person) -> ColumnElement[bool]:
    """Return the condition that a person may see a poll: one of their audiences, a draft where they plan."""
    if person is access.SYSTEM:
        return true()
    own = access.rights(person)
    return and_(Poll.audience_id.in_(list(own.roles)), or_(Poll.status != "draft", Poll.audience_id.in_(own.planned)))


def find_poll(person: Person, id: int) -> Poll:
    """Return a poll that a person may see; raise NotFound for others."""
    found = db.session.scalar(select(Poll).where(Poll.id == id, visible(person)))
    if found is None:
        raise NotFound
    return found


def lock(poll: Poll) -> None:
    """Lock a poll until the commit and read it anew; every verb begins with it."""
    db.session.flush()
    locked = select(Poll).where(Poll.id == poll.id).with_for_update().execution_options(populate_existing=True)
    if db.session.scalar(locked) is None:
        raise NotFound


def options_of(poll_id: int) -> list[PollOption]:
    """Return the options of a poll in the order of time."""
    found = select(PollOption).where(PollOption.poll_id == poll_id, PollOption.removed.is_(False))
    return list(db.session.scalars(found.order_by(PollOption.starts, PollOption.ends)))


def poll_person(poll_id: int, person_id: int) -> PollPerson | None:
    """Return the answer of a person to a poll, None where they have none and need not be there."""
    return db.session.get(PollPerson, (poll_id, person_id), populate_existing=True)


def votes_of(poll_id: int, person_id: int) -> dict[int, str]:
    """Return what a person thinks of the options of a poll, by option."""
    found = (
        select(PollVote.option_id, PollVote.vote)
        .join(PollOption, PollOption.id == PollVote.option_id)
        .where(PollOption.poll_id == poll_id, PollVote.person_id == person_id)
    )
    return dict(db.session.execute(found).all())


# Totals


@dataclass(frozen=True)
class Standing:
    """An option with the numbers of votes."""

    id: int
    starts: datetime
    ends: datetime
    chosen: bool
    over: bool
    yes: int
    rather_not: int
    no: int


def _counts(poll: Poll) -> ColumnElement[bool]:
    """Return the condition on Person that their votes count: of those who left, only once the poll is over."""
    return access.readers_of(poll.audience_id) if poll.status == "open" else true()


def standings(poll: Poll) -> list[Standing]:
    """Return the options of a poll with their totals, the best first: fewest no, then most yes, then the earliest."""
    counted = (
        select(PollVote.option_id, PollVote.vote, func.count())
        .join(PollOption, PollOption.id == PollVote.option_id)
        .join(Person, Person.id == PollVote.person_id)
        .where(PollOption.poll_id == poll.id, _counts(poll))
        .group_by(PollVote.option_id, PollVote.vote)
    )
    totals = {(option, vote): n for option, vote, n in db.session.execute(counted)}
    return ranked(
        Standing(
            one.id,
            one.starts,
            one.ends,
            one.chosen,
            one.over,
            *(totals.get((one.id, vote), 0) for vote in ("yes", "rather_not", "no")),
        )
        for one in options_of(poll.id)
    )


def ranked(options: Iterable[Standing]) -> list[Standing]:
    """Return options in the order in which they suit most people; silence is not a no."""
    return sorted(options, key=lambda one: (one.no, -one.yes, one.starts, one.id))


class Answered(NamedTuple):
    """A person of the audience with what they answered, for the team; `votes` by option."""

    id: int
    name: str
    organisation: str
    required: bool
    remark: str
    answered: datetime | None
    votes: dict[int, str]


def everybody(poll: Poll) -> list[Answered]:
    """Return the people of a poll with their answers, by surname: those who are asked, and those who answered."""
    people = (
        select(
            Person.id,
            Person.name,
            Person.mail,
            Organisation.name.label("organisation"),
            PollPerson.required,
            PollPerson.remark,
            PollPerson.answered,
        )
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .outerjoin(PollPerson, (PollPerson.person_id == Person.id) & (PollPerson.poll_id == poll.id))
    )
    if poll.status == "open" or poll.status == "draft":
        people = people.where(access.readers_of(poll.audience_id))
    else:
        people = people.where(or_(access.readers_of(poll.audience_id), PollPerson.answered.is_not(None)))
    given: dict[int, dict[int, str]] = {}
    votes = (
        select(PollVote.person_id, PollVote.option_id, PollVote.vote)
        .join(PollOption, PollOption.id == PollVote.option_id)
        .where(PollOption.poll_id == poll.id)
    )
    for person_id, option_id, vote in db.session.execute(votes):
        given.setdefault(person_id, {})[option_id] = vote
    rows = [
        Answered(
            row.id,
            row.name or row.mail,
            row.organisation or "",
            bool(row.required),
            row.remark or "",
            row.answered,
            given.get(row.id, {}),
        )
        for row in db.session.execute(people)
    ]
    return sorted(rows, key=lambda row: (not row.required, surname(row.name), row.id))


def silent(poll: Poll) -> Select[Person]:
    """Return the active people of the audience who have not answered, or not since the newest option was added."""
    answered = select(PollPerson.person_id).where(PollPerson.poll_id == poll.id, PollPerson.answered >= poll.asked)
    return (
        select(Person)
        .where(access.readers_of(poll.audience_id), Person.state == "active", Person.id.not_in(answered))
        .order_by(Person.id)
    )


# Lists


class ListedPoll(NamedTuple):
    """A poll as a list shows it to one person; `answered`: when they did."""

    id: int
    title: str
    audience_id: int
    meeting_kind: str
    status: str
    closes: date | None
    asked: datetime | None
    meeting_id: int | None
    answered: datetime | None
    first: datetime | None
    last: datetime | None

    @property
    def url(self) -> str:
        return f"/polls/{self.id}"

    @property
    def kind(self) -> str:
        """The kind of its meeting, as in the API."""
        return self.meeting_kind

    @property
    def answerable(self) -> bool:
        """Whether it can be answered still."""
        return (
            self.status == "open"
            and (self.closes is None or clock.today() <= self.closes)
            and self.last is not None
            and self.last > clock.now()
        )

    @property
    def asked_again(self) -> bool:
        """Whether it has options that are newer than the person's answer."""
        return self.answered is not None and self.asked is not None and self.answered < self.asked


def _listed(person: Person) -> Select[Any]:
    first, last = (
        select(pick(PollOption.starts))
        .where(PollOption.poll_id == Poll.id, PollOption.removed.is_(False))
        .scalar_subquery()
        for pick in (func.min, func.max)
    )
    query: Any = (  # SQLAlchemy types ten columns at most
        select(
            Poll.id,
            Poll.title,
            Poll.audience_id,
            Poll.meeting_kind,
            Poll.status,
            Poll.closes,
            Poll.asked,
            Poll.meeting_id,
            PollPerson.answered,
            first.label("first"),
            last.label("last"),
        )
        .outerjoin(PollPerson, (PollPerson.poll_id == Poll.id) & (PollPerson.person_id == person.id))
        .where(visible(person))
    )
    return query


def above_meetings(person: Person, audiences: Sequence[int]) -> list[ListedPoll]:
    """Return what stands above a list of meetings: polls that can be answered; for those who plan also drafts and those
    that wait for a choice."""
    planned = access.rights(person).planned
    query = _listed(person).where(Poll.audience_id.in_(audiences), Poll.status.in_(("draft", "open"))).order_by(Poll.id)
    rows = (ListedPoll(*row) for row in db.session.execute(query))
    return [row for row in rows if row.answerable or row.audience_id in planned]


def polls_of(person: Person, before: int | None = None, limit: int = PAGE) -> Slice[ListedPoll]:
    """Return every poll that a person may see, the newest first."""
    query = _listed(person)
    if before is not None:
        query = query.where(Poll.id < before)
    rows = [ListedPoll(*row) for row in db.session.execute(query.order_by(Poll.id.desc()).limit(limit + 1))]
    return Slice(rows[:limit], next=rows[limit - 1].id if len(rows) > limit else None)


def poll_of_meeting(person: Person, meeting_id: int) -> Poll | None:
    """Return the poll by which the day of a meeting was chosen, None unless there is one that the person may see."""
    return db.session.scalar(select(Poll).where(Poll.meeting_id == meeting_id, visible(person)))


def options_between(
    person: Person, begins: datetime, ends: datetime, audiences: Collection[int]
) -> list[tuple[Poll, PollOption, str]]:
    """Return the coming options between two moments of polls without a choice, with what a person thinks of each."""
    query = (
        select(Poll, PollOption, PollVote.vote)
        .join(PollOption, PollOption.poll_id == Poll.id)
        .outerjoin(PollVote, (PollVote.option_id == PollOption.id) & (PollVote.person_id == person.id))
        .where(
            Poll.audience_id.in_(audiences),
            Poll.status == "open",
            visible(person),
            PollOption.removed.is_(False),
            PollOption.starts < ends,
            PollOption.ends > begins,
            PollOption.starts > clock.now(),
        )
        .order_by(PollOption.starts, PollOption.id)
        .limit(SHOWN)
    )
    return [(poll, option, vote or "") for poll, option, vote in db.session.execute(query)]


# The link in the mail

LINKS = "poll-answer"


def answer_token(poll_id: int, person_id: int) -> str:
    """Return the signed token by which one person answers one poll without signing in."""
    return answer_links.sign(LINKS, poll_id, person_id)


def read_answer_token(token: str) -> tuple[Poll, Person] | None:
    """Return the poll and person of a token, None unless it is valid and they may still see the poll."""
    found = answer_links.read(LINKS, token)
    if found is None:
        return None
    id, person = found
    poll = db.session.scalar(select(Poll).where(Poll.id == id, visible(person)))
    return (poll, person) if poll is not None else None
