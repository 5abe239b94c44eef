"""The questions and cases that people bring to a meeting, and the votes on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import ForeignKey, Index, Select, String, Text, false, func, or_, select, true, tuple_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cop import access
from cop.agenda.models.blocks import AgendaBlock
from cop.base import clock
from cop.base.db import Base, db
from cop.base.errors import Invalid, NotFound
from cop.base.web import Slice
from cop.base.words import _
from cop.meetings.models import OPEN, Meeting
from cop.society.organisations import Organisation
from cop.society.people import Person, shown_name

QuestionKind = Literal["question", "case"]  # case: for intervisie

VOTES = 3  # of each person at a meeting, unless its team says otherwise
ASKED = 20  # questions of one person at a meeting
TOP = 5
PAGE = 50


class MeetingQuestion(Base):
    """A question to a meeting or a case for intervisie; `hidden` is when a moderator hid it, `reason` why.

    votes: how many there are. block_id: the block in which it is treated, also while that is removed.
    """

    __tablename__ = "meeting_question"
    __table_args__ = (Index("ix_meeting_question_meeting", "meeting_id", "votes", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(Text)
    made: Mapped[datetime] = mapped_column(default=clock.now)
    votes: Mapped[int] = mapped_column(default=0)
    block_id: Mapped[int | None] = mapped_column(ForeignKey("agenda_block.id", ondelete="SET NULL"), index=True)
    hidden: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(Text, default="")

    meeting: Mapped[Meeting] = relationship()

    @property
    def audience_id(self) -> int:
        """The audience of its meeting."""
        return self.meeting.audience_id

    @property
    def url(self) -> str:
        return f"/questions/{self.id}"


class QuestionVote(Base):
    """The vote of a person for a question."""

    __tablename__ = "question_vote"

    question_id: Mapped[int] = mapped_column(ForeignKey("meeting_question.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)


class VoteLimit(Base):
    """How many votes each person has at a meeting whose team did not leave that at `VOTES`."""

    __tablename__ = "vote_limit"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True)
    votes: Mapped[int]


class QuestionRow(NamedTuple):
    """A question as one person sees it: whether they voted for it, and the block in which it is treated."""

    id: int
    meeting_id: int
    kind: str
    text: str
    made: datetime
    votes: int
    person_id: int
    name: str
    organisation: str
    hidden: datetime | None
    reason: str
    block_id: int | None
    voted: bool

    @property
    def url(self) -> str:
        return f"/questions/{self.id}"


@dataclass
class QuestionList:
    """What the page of a meeting shows of its questions: the top, those of the reader, and those on a block by its id."""

    top: list[QuestionRow]
    own: list[QuestionRow]
    placed: dict[int, list[QuestionRow]]
    total: int
    left: int  # votes that the reader has

    @property
    def rest(self) -> bool:
        """Whether there are more than the top."""
        return self.total > len(self.top)


def open_for_questions(meeting: Meeting) -> bool:
    """Return whether people can ask and vote: from the announcement until the end."""
    return meeting.status in OPEN and clock.now() < meeting.ends


def questions_of(meeting_id: int, limit: int | None = None) -> list[QuestionRow]:
    """Return the questions of a meeting that are not hidden, those with most votes first, the oldest first of these."""
    query = _rows(None).where(MeetingQuestion.meeting_id == meeting_id, MeetingQuestion.hidden.is_(None))
    return [_row(row) for row in db.session.execute(_ordered(query).limit(limit))]


def panel_questions(person: Person, meeting: Meeting) -> QuestionList:
    """Return the questions of a meeting's page, in one statement however many there are."""
    here = MeetingQuestion.meeting_id == meeting.id
    order = (MeetingQuestion.votes.desc(), MeetingQuestion.id)
    live = (
        select(
            MeetingQuestion.id.label("id"),
            func.row_number().over(order_by=order).label("place"),
            func.count().over().label("total"),
        )
        .where(here, MeetingQuestion.hidden.is_(None))
        .subquery()
    )
    used = select(func.count()).select_from(_votes_of(person.id, meeting.id).subquery()).scalar_subquery()
    most = select(VoteLimit.votes).where(VoteLimit.meeting_id == meeting.id).scalar_subquery()
    query = (
        _rows(person)
        .add_columns(live.c.place, live.c.total, used.label("used"), most.label("most"))
        .outerjoin(live, live.c.id == MeetingQuestion.id)
        .where(
            here,
            or_(live.c.place <= TOP, MeetingQuestion.person_id == person.id, _placed() & live.c.id.is_not(None)),
        )
    )
    found = QuestionList([], [], {}, 0, VOTES)
    for row in db.session.execute(_ordered(query)):
        question = _row(row)
        if row.place is not None:
            found.total = row.total
            if row.place <= TOP:
                found.top.append(question)
            if question.block_id is not None:
                found.placed.setdefault(question.block_id, []).append(question)
        if question.person_id == person.id:
            found.own.append(question)
        found.left = max((VOTES if row.most is None else row.most) - row.used, 0)
    return found


def list_questions(person: Person, meeting: Meeting, after: str = "", limit: int = PAGE) -> Slice[QuestionRow]:
    """Return the questions of a meeting that a person sees: hidden ones only to who asked and to moderators."""
    seen = or_(
        MeetingQuestion.hidden.is_(None),
        MeetingQuestion.person_id == person.id,
        true() if access.rights(person).curates(meeting.audience_id) else false(),
    )
    query = _rows(person).where(MeetingQuestion.meeting_id == meeting.id, seen)
    if after:
        votes, id = _decoded(after)
        query = query.where(tuple_(MeetingQuestion.votes, -MeetingQuestion.id) < tuple_(votes, -id))
    rows = [_row(row) for row in db.session.execute(_ordered(query).limit(limit + 1))]
    items = rows[:limit]
    return Slice(items, next=f"{items[-1].votes}-{items[-1].id}" if len(rows) > limit else None)


def question_row(person: Person, id: int) -> QuestionRow:
    """Return one question as a person sees it, whom `find_question` let see it."""
    return _row(db.session.execute(_rows(person).where(MeetingQuestion.id == id)).one())


def find_question(person: Person, id: int) -> MeetingQuestion:
    """Return a question of a meeting that the person may see; raise NotFound for others, and for hidden ones."""
    question = db.session.get(MeetingQuestion, id)
    if question is None:
        raise NotFound
    access.find(person, Meeting, question.meeting_id)
    hidden = question.hidden is not None and question.person_id != person.id
    if hidden and not access.rights(person).curates(question.audience_id):
        raise NotFound
    return question


def most_votes(meeting_id: int) -> int:
    """Return how many votes each person has at a meeting."""
    found = db.session.scalar(select(VoteLimit.votes).where(VoteLimit.meeting_id == meeting_id))
    return VOTES if found is None else found


def votes_left(person: Person, meeting_id: int) -> int:
    """Return how many votes a person has left at a meeting."""
    used = db.session.scalar(select(func.count()).select_from(_votes_of(person.id, meeting_id).subquery())) or 0
    return max(most_votes(meeting_id) - used, 0)


def _votes_of(person_id: int, meeting_id: int) -> Select[Any]:
    """Return the votes of a person at a meeting; those for a hidden question do not count."""
    return (
        select(QuestionVote.question_id)
        .join(MeetingQuestion, MeetingQuestion.id == QuestionVote.question_id)
        .where(
            QuestionVote.person_id == person_id,
            MeetingQuestion.meeting_id == meeting_id,
            MeetingQuestion.hidden.is_(None),
        )
    )


def _placed() -> Any:
    return AgendaBlock.id.is_not(None)


def _rows(person: Person | None) -> Select[Any]:
    """Return the select of questions, as a person sees them or nobody in particular."""
    mine = (
        select(QuestionVote.question_id)
        .where(QuestionVote.question_id == MeetingQuestion.id, QuestionVote.person_id == person.id)
        .exists()
        if person is not None
        else false()
    )
    query: Any = (  # SQLAlchemy types ten columns at most
        select(
            MeetingQuestion.id,
            MeetingQuestion.meeting_id,
            MeetingQuestion.kind,
            MeetingQuestion.text,
            MeetingQuestion.made,
            MeetingQuestion.votes,
            MeetingQuestion.person_id,
            Person.name,
            Person.former,
            Organisation.name.label("organisation"),
            MeetingQuestion.hidden,
            MeetingQuestion.reason,
            AgendaBlock.id.label("block_id"),
            mine.label("voted"),
        )
        .join(Person, Person.id == MeetingQuestion.person_id)
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .outerjoin(AgendaBlock, (AgendaBlock.id == MeetingQuestion.block_id) & AgendaBlock.removed.is_(None))
    )
    return query


def _ordered(query: Select[Any]) -> Select[Any]:
    return query.order_by(MeetingQuestion.votes.desc(), MeetingQuestion.id)


def _row(row: Any) -> QuestionRow:
    return QuestionRow(
        row.id,
        row.meeting_id,
        row.kind,
        row.text,
        row.made,
        row.votes,
        row.person_id,
        shown_name(row.name, row.former),
        row.organisation or "",
        row.hidden,
        row.reason,
        row.block_id,
        bool(row.voted),
    )


def _decoded(key: str) -> tuple[int, int]:
    votes, _dash, id = key.partition("-")
    if not (votes.isdecimal() and id.isdecimal() and len(votes) < 10 and len(id) < 10):
        raise Invalid(errors={"after": _("Deze bladwijzer klopt niet. Begin vooraan.")})
    return int(votes), int(id)
