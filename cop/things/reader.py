"""The state of a reader in a place: reading mark, follow or mute, and draft."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from sqlalchemy import JSON, ColumnElement, ForeignKey, Insert, Integer, Label, String, bindparam, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from cop.base import clock
from cop.base.db import Base, db, insert_of, upsert
from cop.base.fast.prepared import PreparedQuery, PreparedWrite
from cop.society.people import Person
from cop.things import kinds
from cop.things.spine import Thing

DraftFields = dict[str, str | list[str]]  # as a form sends them


class Mark(Base):
    """The position up to which a person has read in a place."""

    __tablename__ = "mark"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    thing_id: Mapped[int] = mapped_column(ForeignKey("thing.id"), primary_key=True, index=True)
    seq: Mapped[int]


class Follow(Base):
    """A thing that a person follows or mutes."""

    __tablename__ = "follow"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    thing_id: Mapped[int] = mapped_column(ForeignKey("thing.id"), primary_key=True, index=True)
    muted: Mapped[bool] = mapped_column(default=False)


class Draft(Base):
    """The text a person is writing in a place (`thread:7`, `new:3`, `room:2`); `fields` as the form sends them."""

    __tablename__ = "draft"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    place: Mapped[str] = mapped_column(String(40), primary_key=True)
    fields: Mapped[DraftFields] = mapped_column(JSON)
    saved: Mapped[datetime] = mapped_column(default=clock.now)


def _forward() -> Insert:
    mark = insert_of(Mark).values(
        person_id=bindparam("person"), thing_id=bindparam("thing"), seq=bindparam("upto", type_=Integer)
    )
    forward: Insert = mark.on_conflict_do_update(
        index_elements=["person_id", "thing_id"], set_={"seq": mark.excluded.seq}, where=mark.excluded.seq > Mark.seq
    )
    return forward


_FORWARD = PreparedWrite(_forward)


def mark(person: Person, place: Thing, seq: int) -> None:
    """Move a person's reading mark forward, never back."""
    _FORWARD.run(person=person.id, thing=place.id, upto=min(seq, place.last_seq))


def save_draft(person: Person, place: str, fields: DraftFields) -> None:
    """Store the person's draft in `place`."""
    upsert(Draft, {"person_id": person.id, "place": place}, {"fields": fields, "saved": clock.now()})


def draft_of(person: Person, place: str) -> DraftFields:
    """Return the fields of the person's draft in `place`, {} without one."""
    row = db.session.get(Draft, (person.id, place))
    return dict(row.fields) if row else {}


def unposted(person: Person, files: Iterable[str]) -> list[tuple[int, str]]:
    """Return the id and title of those files of a draft that are still unposted drafts of the person."""
    ids = [int(id) for id in files if id.isdecimal() and len(id) < 10]
    if not ids:
        return []
    return [
        (id, title)
        for id, title in db.session.execute(
            select(Thing.id, Thing.title)
            .where(
                Thing.id.in_(ids),
                Thing.kind.in_(kinds.names(lambda kind: kind.attaches)),
                Thing.state == "draft",
                Thing.author_id == person.id,
            )
            .order_by(Thing.id)
        )
    ]


_DROP = PreparedWrite(
    delete(Draft).where(Draft.person_id == bindparam("person"), Draft.place == bindparam("at", type_=String))
)


def drop_draft(person: Person, place: str) -> None:
    """Delete a draft."""
    _DROP.run(person=person.id, at=place)


class ReaderState(NamedTuple):
    """The state of a reader in a place."""

    mark: int  # the position up to which they have read
    following: str  # follow, mute or ""
    draft: DraftFields  # the fields of their draft


class ReaderColumns(Protocol):
    """A row with the columns of `reader_columns`."""

    @property
    def mark(self) -> int | None: ...
    @property
    def muted(self) -> bool | None: ...
    @property
    def draft(self) -> DraftFields | None: ...


def reader_columns(thing: ColumnElement[int]) -> list[Label[Any]]:
    """Return the state of `:person` in `thing`, whose name as a place is `:place`, as columns of a query for it."""
    person = bindparam("person", type_=Integer)
    marked = select(Mark.seq).where(Mark.person_id == person, Mark.thing_id == thing)
    followed = select(Follow.muted).where(Follow.person_id == person, Follow.thing_id == thing)
    drafted = select(Draft.fields).where(Draft.person_id == person, Draft.place == bindparam("place", type_=String))
    return [
        marked.scalar_subquery().label("mark"),
        followed.scalar_subquery().label("muted"),
        drafted.scalar_subquery().label("draft"),
    ]


class _ReaderRow(NamedTuple):
    mark: int | None
    muted: bool | None
    draft: DraftFields | None


_READER = PreparedQuery(select(*reader_columns(bindparam("thing", type_=Integer))), row=_ReaderRow)


def state_from_row(row: ReaderColumns) -> ReaderState:
    """Return the state of a reader from a row with `reader_columns`."""
    following = "" if row.muted is None else "mute" if row.muted else "follow"
    return ReaderState(row.mark or 0, following, dict(row.draft or {}))


def reader_state(person: Person, thing: Thing) -> ReaderState:
    """Return the state of a reader in a place."""
    (row,) = _READER.rows(person=person.id, thing=thing.id, place=thing.place)
    return state_from_row(row)
