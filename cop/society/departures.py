"""Departures: who left, what ended with it, and who took over."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cop.base import clock
from cop.base.db import Base, db
from cop.society.people import Person


class Departure(Base):
    """A person who left: altogether, or for one of their organisations. The last one that was not undone counts."""

    __tablename__ = "departure"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # None: a command of the platform
    organisation_id: Mapped[int | None]  # the one they left; None: altogether. The organisation may be merged since
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made: Mapped[datetime] = mapped_column(default=clock.now)
    undone: Mapped[datetime | None]
    # What ended: `memberships`, `guests` (ids), `partnerships`, `programmes`, `team` (ids), `main` (of the affiliation).
    ended: Mapped[dict[str, Any]] = mapped_column(JSON)
    # What the successor got: `memberships` and `partnerships`, ids of what they did not have before.
    given: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    # The profile as it was, to come back to; removed when it is too late for that.
    profile: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    successor: Mapped[Person | None] = relationship(foreign_keys=[successor_id])


def departure_of(person_id: int) -> Departure | None:
    """Return the last departure of a person that was not undone, else None."""
    return db.session.scalar(
        select(Departure)
        .where(Departure.person_id == person_id, Departure.undone.is_(None))
        .order_by(Departure.id.desc())
        .limit(1)
    )
