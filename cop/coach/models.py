"""The settings of the desk, what coaches set aside and whom they wrote to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, case, func, select
from sqlalchemy.orm import Mapped, aliased, mapped_column

from cop.base import clock
from cop.base.db import Base, db
from cop.base.words import _
from cop.society.people import Person

# The most urgent first.
SignalKind = Literal[
    "bounced",
    "offer",
    "unsent",
    "decision",
    "question",
    "ownerless",
    "overdue",
    "invitation",
    "check_in",
    "silent",
    "term",
    "bulletin",
    "checklist",
]
REMEMBERED = timedelta(days=90)  # how long the desk says who was written to


class DeskSettings(Base):
    """What counts as too long in a programme.

    region: of the school holidays in which silence does not count; "": none. free_days: days off besides the holidays, as
    ISO dates.
    """

    __tablename__ = "desk_settings"

    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"), primary_key=True)
    silent_weeks: Mapped[int]
    answer_days: Mapped[int]  # working days
    region: Mapped[str] = mapped_column(String(8))
    free_days: Mapped[list[str]]

    @property
    def free(self) -> set[date]:
        return {date.fromisoformat(day) for day in self.free_days}


class SetAside(Base):
    """A signal that a coach snoozed until a day, or that is done: until the same happens anew.

    since: the date of the signal when it was set aside; one with a later date is a new one.
    """

    __tablename__ = "set_aside"
    __table_args__ = (UniqueConstraint("programme_id", "kind", "subject_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(12))
    subject_id: Mapped[int]
    since: Mapped[date]
    until: Mapped[date | None]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made: Mapped[datetime] = mapped_column(default=clock.now)


class CoachMessage(Base):
    """A mail of a coach to one person about a signal. Its text is not kept here."""

    __tablename__ = "coach_message"
    __table_args__ = (Index("ix_coach_message_signal", "programme_id", "kind", "subject_id", "made"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(12))
    subject_id: Mapped[int]
    sender_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made: Mapped[datetime] = mapped_column(default=clock.now)


@dataclass(frozen=True)
class Written:
    """What was sent about a signal in one go."""

    at: datetime
    by: str
    to: tuple[str, ...]


Key = tuple[int, str, int]  # programme, kind and subject of a signal


def settings_of(programme_id: int) -> DeskSettings:
    """Return the settings of a programme."""
    return db.session.get(DeskSettings, programme_id) or default_settings(programme_id)


def default_settings(programme_id: int) -> DeskSettings:
    """Return the settings of a programme in which nothing was chosen."""
    return DeskSettings(programme_id=programme_id, silent_weeks=4, answer_days=5, region="", free_days=[])


def set_aside(programmes: Collection[int]) -> dict[Key, tuple[SetAside, str]]:
    """Return what was set aside, by signal, with the name of the person who did."""
    rows = db.session.execute(
        select(SetAside, Person.name)
        .join(Person, Person.id == SetAside.by_id)
        .where(SetAside.programme_id.in_(programmes))
    )
    return {(one.programme_id, one.kind, one.subject_id): (one, name) for one, name in rows}


def written(programmes: Collection[int]) -> dict[Key, Written]:
    """Return the last mail about each signal."""
    sender, person = aliased(Person.__table__), aliased(Person.__table__)
    rows = db.session.execute(
        select(
            CoachMessage.programme_id,
            CoachMessage.kind,
            CoachMessage.subject_id,
            CoachMessage.made,
            sender.c.name.label("sender"),
            case(
                (person.c.former & (person.c.name == ""), _("Oud-deelnemer")),
                else_=func.coalesce(func.nullif(person.c.name, ""), person.c.mail),
            ).label("person"),
        )
        .join(sender, sender.c.id == CoachMessage.sender_id)
        .join(person, person.c.id == CoachMessage.person_id)
        .where(CoachMessage.programme_id.in_(programmes), CoachMessage.made > clock.now() - REMEMBERED)
        .order_by(CoachMessage.made, CoachMessage.id)
    )
    found: dict[Key, Written] = {}
    for row in rows:
        key = (row.programme_id, row.kind, row.subject_id)
        before = found.get(key)
        same = before is not None and before.at == row.made
        found[key] = Written(row.made, row.sender, (*before.to, row.person) if before and same else (row.person,))
    return found


def last_message(programme_id: int, kind: str, subject_id: int) -> int:
    """Return the id of the last message about a signal, 0 where there is none."""
    return (
        db.session.scalar(
            select(func.max(CoachMessage.id)).where(
                CoachMessage.programme_id == programme_id,
                CoachMessage.kind == kind,
                CoachMessage.subject_id == subject_id,
            )
        )
        or 0
    )
