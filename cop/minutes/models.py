"""Minutes of meetings, their blocks and what was published of them, and the queries on them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, ForeignKey, Index, String, Table, Text, func, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cop import access
from cop.access.rules import writes_minutes
from cop.base import clock
from cop.base.db import Base, db
from cop.base.errors import NotFound
from cop.meetings.models import Meeting
from cop.society.people import Person
from cop.things import Thing

HELD = timedelta(seconds=30)  # how long a block is held after the last sign of its writer
PAGE = 100


class Minutes(Base):
    """The minutes of a meeting, with the id of the meeting. Only those who write them see that they exist.

    open: members of the meeting's audience write along. seq: of the last change of a block. thread_id: where they were
    published; while that is hidden, the publication is withdrawn.
    """

    __tablename__ = "minutes"

    id: Mapped[int] = mapped_column(ForeignKey("meeting.id"), primary_key=True)
    open: Mapped[bool] = mapped_column(default=False)
    seq: Mapped[int] = mapped_column(default=0)
    begun: Mapped[datetime] = mapped_column(default=clock.now)
    begun_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("thing.id"), index=True)
    published: Mapped[int] = mapped_column(default=0)  # the newest version, 0 before the first

    meeting: Mapped[Meeting] = relationship(foreign_keys=[id])

    @property
    def audience_id(self) -> int:
        return self.meeting.audience_id

    @property
    def place(self) -> str:
        """The live place of those who write."""
        return f"minutes:{self.id}"

    @property
    def url(self) -> str:
        return f"/meetings/{self.id}/minutes"


class Block(Base):
    """A part of minutes under a heading, which one person at a time writes.

    seq: of its last change, as `Minutes.seq`. version: of its text; a save names the one that it is based on. client_id:
    of the save that made that version. holder_id, token, until: who writes it, in which page, and how long that counts.
    """

    __tablename__ = "minutes_block"
    __table_args__ = (Index("ix_minutes_block_order", "minutes_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    minutes_id: Mapped[int] = mapped_column(ForeignKey("minutes.id"))
    position: Mapped[int]
    seq: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text, default="")
    format: Mapped[str] = mapped_column(String(8), default="html")
    html: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    client_id: Mapped[str | None] = mapped_column(String(36))
    editor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    edited: Mapped[datetime | None]
    removed: Mapped[datetime | None]
    holder_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    token: Mapped[str | None] = mapped_column(String(36))
    until: Mapped[datetime | None]

    minutes: Mapped[Minutes] = relationship()

    @property
    def audience_id(self) -> int:
        return self.minutes.audience_id

    @property
    def open(self) -> bool:
        """Whether members write along in its minutes."""
        return self.minutes.open

    @property
    def url(self) -> str:
        return f"/minutes/blocks/{self.id}"


class BlockText(Base):
    """A text of a block that is not its text now: an earlier one, or one that was kept because it could not be saved.

    version: of the block, for an earlier text; for a kept one that on which it is based.
    """

    __tablename__ = "minutes_text"

    id: Mapped[int] = mapped_column(primary_key=True)
    block_id: Mapped[int] = mapped_column(ForeignKey("minutes_block.id"), index=True)
    version: Mapped[int]
    kept: Mapped[bool] = mapped_column(default=False)
    client_id: Mapped[str | None] = mapped_column(String(36), unique=True)
    title: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)
    format: Mapped[str] = mapped_column(String(8))
    html: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    made: Mapped[datetime] = mapped_column(default=clock.now)


class Publication(Base):
    """A version of minutes as it was published; `change` says in a line what is new in it."""

    __tablename__ = "minutes_publication"

    minutes_id: Mapped[int] = mapped_column(ForeignKey("minutes.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    html: Mapped[str] = mapped_column(Text)
    change: Mapped[str] = mapped_column(Text, default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    made: Mapped[datetime] = mapped_column(default=clock.now)


BLOCK: Table = Block.__table__  # type: ignore[assignment]
MINUTES: Table = Minutes.__table__  # type: ignore[assignment]


def find_minutes(person: Person, id: int) -> Minutes:
    """Return the minutes of a meeting to somebody who writes them; raise NotFound for others."""
    access.find(person, Meeting, id)
    found = db.session.get(Minutes, id)
    if found is None or not writes(person, found):
        raise NotFound
    return found


def find_block(person: Person, id: int) -> Block:
    """Return a block, removed or not, to somebody who writes the minutes that it is in; raise NotFound for others."""
    found = db.session.get(Block, id)
    if found is None:
        raise NotFound
    find_minutes(person, found.minutes_id)
    return found


def writes(person: Person, minutes: Minutes) -> bool:
    """Return whether somebody writes minutes, or did before they went into the archive."""
    return writes_minutes(access.rights(person), person, minutes)


def last_seq(person: Person, id: int) -> int | None:
    """Return the last change of the minutes of a meeting, None for those who do not write them: of a live place."""
    try:
        return find_minutes(person, id).seq
    except NotFound:
        return None


def next_seq(minutes: Minutes) -> int:
    """Lock minutes until the commit, and return the number of the next change."""
    seq: int = db.session.execute(
        update(MINUTES).where(MINUTES.c.id == minutes.id).values(seq=MINUTES.c.seq + 1).returning(MINUTES.c.seq)
    ).scalar_one()
    db.session.expire(minutes)
    return seq


class BlockRow(NamedTuple):
    """A block as those who write see it, with the names of who holds it and who wrote it last."""

    id: int
    minutes_id: int
    position: int
    seq: int
    title: str
    html: str
    version: int
    edited: datetime | None
    removed: datetime | None
    until: datetime | None
    holder_id: int | None
    holder: str | None
    editor: str | None
    kept: int  # texts that could not be saved

    @property
    def held(self) -> bool:
        """Whether somebody writes it now."""
        return self.until is not None and self.until > clock.now()

    @property
    def left(self) -> int:
        """For how many seconds it counts as held from now: the clock of a browser may be another."""
        return max(0, round((self.until - clock.now()).total_seconds())) if self.until else 0

    @property
    def url(self) -> str:
        return f"/minutes/blocks/{self.id}"


def block_rows(
    minutes_id: int, *, ids: list[int] | None = None, changed_after: int | None = None, limit: int = PAGE
) -> list[BlockRow]:
    """Return the blocks of minutes in their order; those with `ids` or changed after a seq also where they are removed."""
    holder, editor = Person.__table__.alias("holder"), Person.__table__.alias("editor")
    kept = (
        select(func.count())
        .where(BlockText.block_id == Block.id, BlockText.kept)
        .correlate(Block)
        .scalar_subquery()
        .label("kept")
    )
    query: Any = (
        select(
            *(BLOCK.c[name] for name in ("id", "minutes_id", "position", "seq", "title", "html", "version", "edited")),
            *(BLOCK.c[name] for name in ("removed", "until", "holder_id")),
            holder.c.name.label("holder"),
            editor.c.name.label("editor"),
            kept,
        )
        .select_from(Block)
        .outerjoin(holder, holder.c.id == BLOCK.c.holder_id)
        .outerjoin(editor, editor.c.id == BLOCK.c.editor_id)
        .where(BLOCK.c.minutes_id == minutes_id)
        .limit(limit)
    )
    if changed_after is not None:
        query = query.where(BLOCK.c.seq > changed_after).order_by(BLOCK.c.seq)
    elif ids is not None:
        query = query.where(BLOCK.c.id.in_(ids)).order_by(BLOCK.c.position, BLOCK.c.id)
    else:
        query = query.where(BLOCK.c.removed.is_(None)).order_by(BLOCK.c.position, BLOCK.c.id)
    return [BlockRow(*row) for row in db.session.execute(query)]


def blocks_of(minutes_id: int) -> list[Block]:
    """Return the blocks of minutes in their order, without removed ones."""
    return list(
        db.session.scalars(
            select(Block)
            .where(Block.minutes_id == minutes_id, Block.removed.is_(None))
            .order_by(Block.position, Block.id)
            .execution_options(populate_existing=True)
        )
    )


def take(block: Block, person: Person, token: str, seq: int, *, over: bool = False) -> bool:
    """Let a page hold a block that is free or the person's own, `over` also one of somebody else; return whether it does.

    A person's own: after a reload the page has another token.
    """
    now = clock.now()
    free = _free(person, now)
    query = update(BLOCK).where(BLOCK.c.id == block.id, BLOCK.c.removed.is_(None))
    taken = db.session.execute(
        (query if over else query.where(free))
        .values(holder_id=person.id, token=token, until=now + HELD, seq=seq)
        .returning(BLOCK.c.id)
    ).scalar()
    db.session.expire(block)
    return taken is not None


def _free(person: Person, now: datetime) -> ColumnElement[bool]:
    """Return the condition that nobody else holds a block."""
    return or_(BLOCK.c.until.is_(None), BLOCK.c.until <= now, BLOCK.c.holder_id == person.id)


def store(block: Block, person: Person, base: int, client_id: str, seq: int, **values: Any) -> bool:
    """Store a text based on version `base` where that is the newest and nobody else holds the block.

    A save whose answer was lost comes again with the same client_id: its own text is no other one.
    """
    now = clock.now()
    stored = db.session.execute(
        update(BLOCK)
        .where(
            BLOCK.c.id == block.id,
            BLOCK.c.removed.is_(None),
            or_(BLOCK.c.version == base, BLOCK.c.client_id == client_id),
            _free(person, now),
        )
        .values(
            version=BLOCK.c.version + 1,
            client_id=client_id,
            editor_id=person.id,
            edited=now,
            seq=seq,
            holder_id=None,
            token=None,
            until=None,
            **values,
        )
        .returning(BLOCK.c.id)
    ).scalar()
    db.session.expire(block)
    return stored is not None


class TextRow(NamedTuple):
    """An earlier or kept text of a block with the name of its author."""

    id: int
    version: int
    kept: bool
    title: str
    html: str
    made: datetime
    author: str | None


def texts_of(block_id: int) -> list[TextRow]:
    """Return the earlier and the kept texts of a block, newest first."""
    query = (
        select(
            BlockText.id,
            BlockText.version,
            BlockText.kept,
            BlockText.title,
            BlockText.html,
            BlockText.made,
            Person.name,
        )
        .outerjoin(Person, Person.id == BlockText.person_id)
        .where(BlockText.block_id == block_id)
        .order_by(BlockText.made.desc(), BlockText.id.desc())
    )
    return [TextRow(*row) for row in db.session.execute(query)]


class PublicationRow(NamedTuple):
    """A published version with the name of who published it."""

    version: int
    html: str
    change: str
    made: datetime
    author: str | None


def publications(minutes_id: int) -> list[PublicationRow]:
    """Return the published versions of minutes, newest first."""
    query = (
        select(Publication.version, Publication.html, Publication.change, Publication.made, Person.name)
        .outerjoin(Person, Person.id == Publication.person_id)
        .where(Publication.minutes_id == minutes_id)
        .order_by(Publication.version.desc())
    )
    return [PublicationRow(*row) for row in db.session.execute(query)]


class State(NamedTuple):
    """What the page of a meeting says about its minutes; `made` is None where nothing published can be read."""

    open: bool
    published: int
    thread_id: int | None
    made: datetime | None


def state_of(person: Person, meeting: Meeting) -> State | None:
    """Return the state of a meeting's minutes with what of it is published for this person, None before they begin."""
    row = db.session.execute(
        select(Minutes.open, Minutes.published, Minutes.thread_id, Publication.made)
        .outerjoin(Thing, (Thing.id == Minutes.thread_id) & access.visible_to(person, Thing) & (Thing.state == "live"))
        .outerjoin(
            Publication,
            (Publication.minutes_id == Minutes.id) & (Publication.version == Minutes.published) & Thing.id.is_not(None),
        )
        .where(Minutes.id == meeting.id)
    ).first()
    return State(*row) if row else None
