"""Who was at a meeting, and the queries on it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column

from cop.base.db import Base, db


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
