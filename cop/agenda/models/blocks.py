"""The blocks of a meeting's programme; their times follow from its start and their order."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from sqlalchemy import ForeignKey, Index, String, Text, func, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cop import access
from cop.base import clock
from cop.base.db import Base, db
from cop.base.errors import NotFound
from cop.meetings.models import MEETING, Meeting
from cop.society.people import Person, shown_name

# news: actualiteiten · peer_review: intervisie · deep_dive: verdieping · site_visit: projectbezoek · own: by its title
BlockKind = Literal["news", "peer_review", "deep_dive", "site_visit", "break", "own"]

LONGEST = 24 * 60  # minutes of a block
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
    """A part of the programme of a meeting; who leads it is a person of its audience, or a name in words."""

    __tablename__ = "agenda_block"
    __table_args__ = (Index("ix_agenda_block_meeting", "meeting_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"))
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
    """A block as pages show it, with its times; `leader` is a name, `leader_id` that of a person of the platform."""

    id: int
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

    @property
    def url(self) -> str:
        return f"/blocks/{self.id}"


def blocks_of(meeting_id: int) -> list[BlockRow]:
    """Return the blocks of a meeting in their order, each from where the one before it ends."""
    rows = db.session.execute(
        select(AgendaBlock, Person.name, Person.former, MEETING.c.starts)
        .join(MEETING, MEETING.c.id == AgendaBlock.meeting_id)
        .outerjoin(Person, Person.id == AgendaBlock.leader_id)
        .where(AgendaBlock.meeting_id == meeting_id, AgendaBlock.removed.is_(None))
        .order_by(AgendaBlock.position, AgendaBlock.id)
        .execution_options(populate_existing=True)
    ).all()
    blocks: list[BlockRow] = []
    for block, name, former, begin in rows:
        starts = blocks[-1].ends if blocks else begin
        leader = block.leader if block.leader_id is None else shown_name(name, former)
        blocks.append(
            BlockRow(
                block.id,
                block.position,
                block.kind,
                block.title,
                block.minutes,
                leader,
                block.leader_id,
                block.text,
                block.version,
                starts,
                starts + timedelta(minutes=block.minutes),
            )
        )
    return blocks


def over_by(meeting: Meeting, blocks: list[BlockRow]) -> int:
    """Return by how many minutes the blocks run past the end of the meeting, 0 where they do not."""
    late = blocks[-1].ends - meeting.ends if blocks else timedelta(0)
    return max(late // timedelta(minutes=1), 0)


def find_block(person: Person, id: int) -> AgendaBlock:
    """Return a block of a meeting that the person may see; raise NotFound for others."""
    block = db.session.get(AgendaBlock, id)
    if block is None:
        raise NotFound
    access.find(person, Meeting, block.meeting_id)
    return block


def has_blocks(meeting_id: int) -> bool:
    """Return whether the programme of a meeting has a block."""
    here = select(AgendaBlock.id).where(AgendaBlock.meeting_id == meeting_id, AgendaBlock.removed.is_(None))
    return db.session.scalar(here.limit(1)) is not None


def last_position(meeting_id: int) -> int:
    """Return the highest position of a meeting's blocks, the removed ones included, since they can come back."""
    return db.session.scalar(select(func.max(AgendaBlock.position)).where(AgendaBlock.meeting_id == meeting_id)) or 0


def neighbour(block: AgendaBlock, earlier: bool) -> AgendaBlock | None:
    """Return the block before or after this one, None at an end."""
    place = AgendaBlock.position
    return db.session.scalar(
        select(AgendaBlock)
        .where(
            AgendaBlock.meeting_id == block.meeting_id,
            AgendaBlock.removed.is_(None),
            place < block.position if earlier else place > block.position,
        )
        .order_by(place.desc() if earlier else place)
        .limit(1)
    )


def usual_day(meeting: Meeting) -> list[tuple[BlockKind, int]]:
    """Return the blocks of the usual day as (kind, minutes), as long together as the meeting; none for a short one.

    Of a meeting of several days, they fill the first: until the hour at which it ends on the last.
    """
    starts, ends = clock.local(meeting.starts), clock.local(meeting.ends)
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
