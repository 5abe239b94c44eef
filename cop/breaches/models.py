"""Breaches: notes of personal data that stood where they should not, without the data; and what was done about each."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import JSON, ForeignKey, String, Text, func, select, update
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cop.base import clock
from cop.base.db import Base, db
from cop.society.people import Person
from cop.things import Thing, removal

What = Literal["bsn", "iban", "contact", "health", "other"]
StepKind = Literal["note", "people", "authority"]
TERM = timedelta(hours=72)  # in which a breach is reported to the authority (AVG art. 33)


class Breach(Base):
    """A breach that was reported; it says where and of which kind, and never what stood there."""

    __tablename__ = "breach"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))  # of the thing: post, message, thread or file
    thing_id: Mapped[int | None] = mapped_column(ForeignKey("thing.id", ondelete="SET NULL"), index=True)
    place: Mapped[str]  # the name of the community, partnership or programme
    what: Mapped[list[str]] = mapped_column(JSON)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    written: Mapped[datetime]  # when it was written, or last edited
    reporter_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reported: Mapped[datetime] = mapped_column(default=clock.now)
    readers: Mapped[int]  # people who could read it
    seen: Mapped[int | None]  # of those, who read up to it; null where that is not known
    mailed: Mapped[int]  # people to whom it was mailed
    public: Mapped[bool] = mapped_column(default=False)  # everybody could download it
    removed: Mapped[dict[str, int]] = mapped_column(JSON)  # how many texts, versions, drafts and mails were removed
    copies: Mapped[list[int]] = mapped_column(JSON)  # ids of other things that may say the same
    closed: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(Text, default="")  # why it could be closed

    author: Mapped[Person | None] = relationship(foreign_keys=[author_id])
    reporter: Mapped[Person | None] = relationship(foreign_keys=[reporter_id])
    closed_by: Mapped[Person | None] = relationship(foreign_keys=[closed_by_id])

    @property
    def url(self) -> str:
        return f"/breaches/{self.id}"

    @property
    def due(self) -> datetime:
        """The moment before which it is reported to the authority, if it has to be."""
        return self.reported + TERM

    @property
    def hours_left(self) -> int:
        """The whole hours until `due`; 0 when it has passed."""
        return max(0, int((self.due - clock.now()).total_seconds() // 3600))


class BreachStep(Base):
    """Something that was done about a breach: a note, the people concerned were told, or the authority was."""

    __tablename__ = "breach_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    breach_id: Mapped[int] = mapped_column(ForeignKey("breach.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made: Mapped[datetime] = mapped_column(default=clock.now)

    person: Mapped[Person | None] = relationship()


LISTED = 50


def breaches(before: int | None = None) -> list[Breach]:
    """Return the breaches, newest first, one more than a page shows; `before`: those older than the one with this id."""
    query = select(Breach).order_by(Breach.id.desc()).limit(LISTED + 1)
    return list(db.session.scalars(query.where(Breach.id < before) if before else query))


def open_breaches() -> int:
    """Return how many breaches are not closed."""
    return db.session.scalar(select(func.count()).select_from(Breach).where(Breach.closed.is_(None))) or 0


def told_of(ids: list[int]) -> set[int]:
    """Return which of these breaches were reported to the authority."""
    told = select(BreachStep.breach_id).where(BreachStep.breach_id.in_(ids), BreachStep.kind == "authority")
    return set(db.session.scalars(told))


def steps_of(breach: Breach) -> list[BreachStep]:
    """Return what was done about a breach, oldest first."""
    return list(db.session.scalars(select(BreachStep).where(BreachStep.breach_id == breach.id).order_by(BreachStep.id)))


@removal.before_removal
def keep_notes(audience_id: int) -> None:
    """Keep the notes of breaches when their audience is removed: they name no row of it any more."""
    gone = select(Thing.id).where(Thing.audience_id == audience_id)
    db.session.execute(update(Breach).where(Breach.thing_id.in_(gone)).values(thing_id=None))
