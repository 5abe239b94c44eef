"""The blocks of a meeting's programme; their times follow from the start of their day and their order."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Literal, NamedTuple

from sqlalchemy import ForeignKey, Index, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cop import access
from cop.base import clock
from cop.base.db import Base, db
from cop.base.errors import NotFound
from cop.meetings.models import Meeting, MeetingDay, days_of
from cop.society.people import Person, shown_name

# news: actualiteiten · peer_review: intervisie · deep_dive: verdieping · site_visit: projectbezoek · own: by its title
BlockKind = Literal["news", "peer_review", "deep_dive", "site_visit", "break", "own"]

LONGEST = 24 * 60  # minutes of a block
WHOLE_DAY_BEGINS = time(9, 30)
# The usual day from 9.30 to 16.30 in minutes, which becomes longer or shorter with the meeting.
_USUAL: tuple[tuple[BlockKind, int], ...] = (
    ("news", 45),
    ("peer_review", 105),
    ("break", 60),
    ("deep_dive", 120),
    ("site_visit", 90),
)
_SHORTEST = 50  # minutes of a meeting for which the usual day is of use
_STEP = 5


class AgendaBlock(Base):
    """A part of the programme of a meeting; who leads it is a person of its audience, or a name in words.

    day: the number of its day among those of the meeting, the first one 1. It stays when the meeting has fewer days: the
    block is shown on the last one, until the programme is changed (`settle`).
    """

    __tablename__ = "agenda_block"
    __table_args__ = (Index("ix_agenda_block_meeting", "meeting_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"))
    day: Mapped[int] = mapped_column(default=1)
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(12))
    title: Mapped[str] = mapped_column(default="")
    minutes: Mapped[int]
    leader: Mapped[str] = mapped_column(default="")  # "" where it is a person
    leader_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    text: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    removed: Mapped[datetime | None]

    meeting: Mapped[Meeting] = relationship()

    @property
    def audience_id(self) -> int:
        """The audience of its meeting."""
        return self.meeting.audience_id


class BlockRow(NamedTuple):
    """A block as pages show it, with its times; `leader` is a name, `leader_id` that of a person of the platform.

    day: the number of the day on which it is. displaced: whether its own day was taken out of the meeting.
    """

    id: int
    day: int
    position: int
    kind: str
    title: str
    minutes: int
    leader: str
    leader_id: int | None
    text: str
    version: int
    starts: datetime
    ends: datetime
    displaced: bool

    @property
    def url(self) -> str:
        return f"/blocks/{self.id}"


def blocks_of(meeting_id: int) -> list[BlockRow]:
    """Return the blocks of a meeting in their order, each from where the one before it on its day ends."""
    meeting = db.session.get(Meeting, meeting_id)
    if meeting is None:
        return []
    rows = db.session.execute(
        select(AgendaBlock, Person.name, Person.former)
        .outerjoin(Person, Person.id == AgendaBlock.leader_id)
        .where(AgendaBlock.meeting_id == meeting_id, AgendaBlock.removed.is_(None))
        .order_by(AgendaBlock.day, AgendaBlock.position, AgendaBlock.id)
        .execution_options(populate_existing=True)
    ).all()
    days, blocks = days_of(meeting), []
    passed: dict[int, datetime] = {}  # until when the blocks of a day last
    for block, name, former in rows:
        day = min(block.day, len(days))
        starts = passed.get(day) or begin_of(days[day - 1])
        passed[day] = starts + timedelta(minutes=block.minutes)
        leader = block.leader if block.leader_id is None else shown_name(name, former)
        blocks.append(
            BlockRow(
                block.id,
                day,
                block.position,
                block.kind,
                block.title,
                block.minutes,
                leader,
                block.leader_id,
                block.text,
                block.version,
                starts,
                passed[day],
                block.day > day,
            )
        )
    return blocks


def begin_of(day: MeetingDay) -> datetime:
    """Return when the first block of a day begins: with the day, of a whole day at the hour of the usual one."""
    return clock.from_local(datetime.combine(day.date, WHOLE_DAY_BEGINS)) if day.all_day else day.starts


class DayProgramme(NamedTuple):
    """A day of a meeting with its blocks; number: from 1."""

    number: int
    day: MeetingDay
    blocks: list[BlockRow]

    @property
    def over(self) -> int:
        """By how many minutes the blocks run past the end of the day, 0 where they do not."""
        late = self.blocks[-1].ends - self.day.ends if self.blocks else timedelta(0)
        return max(late // timedelta(minutes=1), 0)

    @property
    def usual(self) -> bool:
        """Whether the day is empty and the usual blocks fit in it."""
        return not self.blocks and bool(usual_day(self.day))


def days_with(meeting: Meeting, blocks: list[BlockRow]) -> list[DayProgramme]:
    """Return the days of a meeting, each with those of its blocks that are on it."""
    return [
        DayProgramme(number, day, [block for block in blocks if block.day == number])
        for number, day in enumerate(days_of(meeting), 1)
    ]


def find_block(person: Person, id: int) -> AgendaBlock:
    """Return a block of a meeting that the person may see; raise NotFound for others."""
    block = db.session.get(AgendaBlock, id)
    if block is None:
        raise NotFound
    access.find(person, Meeting, block.meeting_id)
    return block


def settle(meeting: Meeting) -> list[AgendaBlock]:
    """Return the blocks of a meeting in their order, the removed ones included, since they can come back.

    Those whose day was taken out of the meeting are put on its last day, where they are shown.
    """
    blocks = list(
        db.session.scalars(
            select(AgendaBlock)
            .where(AgendaBlock.meeting_id == meeting.id)
            .order_by(AgendaBlock.day, AgendaBlock.position, AgendaBlock.id)
            .execution_options(populate_existing=True)
        )
    )
    last = len(days_of(meeting))
    for block in blocks:
        block.day = min(block.day, last)
    _number(blocks)
    return blocks


def put(blocks: list[AgendaBlock], block: AgendaBlock, day: int, *, first: bool = False) -> None:
    """Put a block last or first on a day of the programme with these blocks, which are in their order."""
    if block in blocks:
        blocks.remove(block)
    blocks.insert(sum(one.day < day if first else one.day <= day for one in blocks), block)
    block.day = day
    _number(blocks)


def _number(blocks: list[AgendaBlock]) -> None:
    for position, block in enumerate(blocks, 1):
        block.position = position


def usual_day(day: MeetingDay) -> list[tuple[BlockKind, int]]:
    """Return the blocks of the usual day as (kind, minutes), as long together as a day of a meeting; none for a short one.

    Where it goes on for several dates, they fill the first: until the hour at which it ends on the last.
    """
    starts, ends = clock.local(day.starts), clock.local(day.ends)
    last = ends.replace(year=starts.year, month=starts.month, day=starts.day) if ends.date() > starts.date() else ends
    whole = sum(minutes for _kind, minutes in _USUAL)
    length = (last.timestamp() - starts.timestamp()) // 60
    length = int(length) if length > 0 else whole
    if length < _SHORTEST:
        return []
    blocks: list[tuple[BlockKind, int]] = []
    passed = used = 0
    for kind, minutes in _USUAL:
        passed += minutes
        until = length if passed == whole else round(passed * length / whole / _STEP) * _STEP
        blocks.append((kind, until - used))
        used = until
    return blocks
