"""The checklist of who prepares a meeting: what its data show, and what is ticked by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column

from cop.agenda.models.blocks import BlockRow, days_with
from cop.base import clock
from cop.base.db import Base, db
from cop.meetings.models import Meeting
from cop.society.people import Person, shown_name


class PreparationTick(Base):
    """An item of the checklist of a meeting that somebody ticked."""

    __tablename__ = "preparation_tick"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True)
    item: Mapped[str] = mapped_column(String(12), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=clock.now)


class _Known(NamedTuple):
    """What the data say about a meeting."""

    meeting: Meeting
    blocks: list[BlockRow]
    placed: int  # questions on a block


# Item → days before the meeting at which it is due, and whether the data show it; None: ticked by hand.
ITEMS: dict[str, tuple[int, Callable[[_Known], bool] | None]] = {
    "announced": (21, lambda known: known.meeting.status != "draft"),
    "place": (21, lambda known: bool(known.meeting.venue or known.meeting.video_url)),
    "agenda": (
        21,
        lambda known: bool(known.blocks) and not any(day.over for day in days_with(known.meeting, known.blocks)),
    ),
    "speakers": (21, None),
    "route": (7, lambda known: bool(known.meeting.route) or not known.meeting.venue),
    "questions": (7, lambda known: known.placed > 0),
    "expert": (7, None),
    "participants": (1, None),
    "room": (1, None),
}


class PreparationItem(NamedTuple):
    """An item of the checklist: the day by which it is due, and who ticked it when, where that is done by hand."""

    item: str
    days: int
    due: date
    by_hand: bool
    done: bool
    by: str
    at: datetime | None

    @property
    def late(self) -> bool:
        """Whether it is not done and its day is over."""
        return not self.done and self.due < clock.today()


def checklist(meeting: Meeting, blocks: list[BlockRow], placed: int) -> list[PreparationItem]:
    """Return the checklist of a meeting, what is due first first."""
    ticks = {
        tick.item: (tick, shown_name(name, former))
        for tick, name, former in db.session.execute(
            select(PreparationTick, Person.name, Person.former)
            .join(Person, Person.id == PreparationTick.person_id)
            .where(PreparationTick.meeting_id == meeting.id)
            .execution_options(populate_existing=True)
        )
    }
    day, known = clock.local(meeting.starts).date(), _Known(meeting, blocks, placed)
    items: list[PreparationItem] = []
    for item, (days, shown) in ITEMS.items():
        tick, by = ticks.get(item, (None, ""))
        done = shown(known) if shown else tick is not None
        items.append(
            PreparationItem(item, days, day - timedelta(days=days), shown is None, done, by, tick.at if tick else None)
        )
    return items
