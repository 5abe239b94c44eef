"""Rounds of a meeting: one question, which everybody answers once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, NamedTuple

from sqlalchemy import ForeignKey, Index, String, Table, Text, func, select, update
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cop import access
from cop.base import clock
from cop.base.db import Base, db
from cop.base.errors import NotFound
from cop.meeting_rooms.models.expected import expected_ids
from cop.meeting_rooms.models.rooms import find_meeting
from cop.meetings.models import Meeting
from cop.society.memberships import surname
from cop.society.people import Person, shown_name

# When everybody reads the answers: as they come, or once the round is closed.
Shown = Literal["at_once", "afterwards"]
PROMPT = 200  # characters
LONGEST = 300  # characters of an answer
MOST = 30  # rounds of a meeting


class MeetingRound(Base):
    """A round of a meeting; of those that are not removed one at a time is open.

    version: rises with every change of it and of its answers; the sum of a meeting's is the seq of its live place.
    """

    __tablename__ = "meeting_round"
    __table_args__ = (Index("ix_meeting_round_meeting", "meeting_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"))
    started_by: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    prompt: Mapped[str] = mapped_column(Text)
    shown: Mapped[str] = mapped_column(String(12))
    started: Mapped[datetime] = mapped_column(default=clock.now)
    closed: Mapped[datetime | None]
    removed: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    meeting: Mapped[Meeting] = relationship()

    @property
    def audience_id(self) -> int:
        """The audience of its meeting."""
        return self.meeting.audience_id

    @property
    def url(self) -> str:
        return f"/rounds/{self.id}"

    @property
    def place(self) -> str:
        """The live place of the rounds of its meeting."""
        return f"rounds:{self.meeting_id}"


class RoundAnswer(Base):
    """The answer of a person to a round."""

    __tablename__ = "round_answer"

    round_id: Mapped[int] = mapped_column(ForeignKey("meeting_round.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(default=clock.now)


ROUND: Table = MeetingRound.__table__  # type: ignore[assignment]


class AnswerRow(NamedTuple):
    """An answer with the name of who gave it."""

    round_id: int
    person_id: int
    name: str
    text: str
    at: datetime


class RoundRow(NamedTuple):
    """A round as one person sees it: `answers` are those that they may read, `own` is theirs."""

    id: int
    meeting_id: int
    version: int
    prompt: str
    shown: str
    closed: datetime | None
    total: int
    answers: list[AnswerRow]
    own: str | None

    @property
    def url(self) -> str:
        return f"/rounds/{self.id}"

    @property
    def readable(self) -> bool:
        """Whether everybody reads the answers now."""
        return self.shown == "at_once" or self.closed is not None


def seen_by(person_id: int, row: Any, answers: Sequence[AnswerRow]) -> RoundRow:
    """Return a round as a person sees it: until they are shown to everybody, only their own answer."""
    mine = [one for one in answers if one.person_id == person_id]
    readable = row.shown == "at_once" or row.closed is not None
    return RoundRow(
        row.id,
        row.meeting_id,
        row.version,
        row.prompt,
        row.shown,
        row.closed,
        len(answers),
        list(answers) if readable else mine,
        mine[0].text if mine else None,
    )


def rounds_of(person: Person, meeting_id: int, id: int | None = None) -> list[RoundRow]:
    """Return the rounds of a meeting as a person sees them, the newest first; with an id only that one."""
    query = select(MeetingRound).where(MeetingRound.meeting_id == meeting_id, MeetingRound.removed.is_(None))
    query = query if id is None else query.where(MeetingRound.id == id)
    found = list(db.session.scalars(query.order_by(MeetingRound.id.desc())))
    answers = _answers([one.id for one in found])
    return [seen_by(person.id, one, answers.get(one.id, [])) for one in found]


def _answers(ids: Sequence[int]) -> dict[int, list[AnswerRow]]:
    """Return the answers to rounds, the first one first."""
    found: dict[int, list[AnswerRow]] = {}
    rows = db.session.execute(
        select(
            RoundAnswer.round_id, RoundAnswer.person_id, Person.name, Person.former, RoundAnswer.text, RoundAnswer.at
        )
        .join(Person, Person.id == RoundAnswer.person_id)
        .where(RoundAnswer.round_id.in_(ids))
        .order_by(RoundAnswer.at, RoundAnswer.person_id)
    )
    for row in rows:
        name = shown_name(row.name, row.former)
        found.setdefault(row.round_id, []).append(AnswerRow(row.round_id, row.person_id, name, row.text, row.at))
    return found


def closed_rounds(meeting_id: int) -> list[tuple[str, list[AnswerRow]]]:
    """Return the prompts of the closed rounds of a meeting with their answers, in their order."""
    found = list(
        db.session.scalars(
            select(MeetingRound)
            .where(
                MeetingRound.meeting_id == meeting_id,
                MeetingRound.removed.is_(None),
                MeetingRound.closed.is_not(None),
            )
            .order_by(MeetingRound.id)
        )
    )
    answers = _answers([one.id for one in found])
    return [(one.prompt, answers.get(one.id, [])) for one in found]


def silent(round: MeetingRound) -> list[str]:
    """Return the names of the people who are expected and did not answer, by surname."""
    answered = select(RoundAnswer.person_id).where(RoundAnswer.round_id == round.id)
    rows = db.session.execute(
        select(Person.name, Person.former).where(
            Person.id.in_(expected_ids(round.meeting)),
            Person.id.not_in(answered),
            access.readers_of(round.meeting.audience_id),
        )
    )
    return sorted((shown_name(*row) for row in rows), key=surname)


def find_round(person: Person, id: int, *, removed: bool = False) -> MeetingRound:
    """Return a round of a meeting in whose audience the person is; with `removed` also one that was removed."""
    round = db.session.get(MeetingRound, id)
    if round is None or (round.removed is not None and not removed):
        raise NotFound
    find_meeting(person, round.meeting_id)
    return round


def next_version(round: MeetingRound) -> None:
    """Lock a round until the commit, read it anew, and raise its version."""
    db.session.execute(update(ROUND).where(ROUND.c.id == round.id).values(version=ROUND.c.version + 1))
    db.session.refresh(round)


def seq_of(meeting_id: int) -> int:
    """Return the last change of the rounds of a meeting."""
    total = select(func.coalesce(func.sum(MeetingRound.version), 0)).where(MeetingRound.meeting_id == meeting_id)
    return int(db.session.scalar(total) or 0)


def last_seq(person: Person, id: int) -> int | None:
    """Return the last change of the rounds of a meeting, None for those who do not see them: of a live place."""
    try:
        return seq_of(find_meeting(person, id).id)
    except NotFound:
        return None
