"""The state of a reader in a place: reading mark, follow or mute, and newest draft."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Literal, NamedTuple, Protocol

from sqlalchemy import ColumnElement, ForeignKey, Insert, Integer, Label, String, bindparam, select
from sqlalchemy.orm import Mapped, mapped_column

from cop.base.db import Base, db, insert_of
from cop.base.fast.prepared import PreparedQuery, PreparedWrite
from cop.society.people import Person
from cop.things import kinds
from cop.things.drafts import DraftFields, newest_draft
from cop.things.spine import Thing


class Mark(Base):
    """The position up to which a person has read in a place."""

    __tablename__ = "mark"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    thing_id: Mapped[int] = mapped_column(ForeignKey("thing.id"), primary_key=True, index=True)
    seq: Mapped[int]


# What somebody hears of a thing or a community. all: every new text · important: who names or answers them, and
# announcements, as for somebody who chose nothing · digest: nothing but the overview by mail · silent: nothing
Level = Literal["all", "important", "digest", "silent"]
QUIET = ("digest", "silent")  # without notices


class Follow(Base):
    """What a person hears of a thing, in place of what they hear of its community.

    until: the last day of the level; afterwards: the level after that day, None for none. The job `notices.end_levels` ends it.
    """

    __tablename__ = "follow"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    thing_id: Mapped[int] = mapped_column(ForeignKey("thing.id"), primary_key=True, index=True)
    level: Mapped[str] = mapped_column(String(10), default="all")
    until: Mapped[date | None] = mapped_column(index=True)
    afterwards: Mapped[str | None] = mapped_column(String(10))


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


class ReaderState(NamedTuple):
    """The state of a reader in a place."""

    mark: int  # the position up to which they have read
    following: str  # follow (all), mute (silent), another level, or ""
    draft: DraftFields  # the fields of their newest draft


class ReaderColumns(Protocol):
    """A row with the columns of `reader_columns`."""

    @property
    def mark(self) -> int | None: ...
    @property
    def level(self) -> str | None: ...
    @property
    def draft(self) -> DraftFields | None: ...


def reader_columns(thing: ColumnElement[int]) -> list[Label[Any]]:
    """Return the state of `:person` in `thing`, whose name as a place is `:place`, as columns of a query for it."""
    person = bindparam("person", type_=Integer)
    marked = select(Mark.seq).where(Mark.person_id == person, Mark.thing_id == thing)
    followed = select(Follow.level).where(Follow.person_id == person, Follow.thing_id == thing)
    return [
        marked.scalar_subquery().label("mark"),
        followed.scalar_subquery().label("level"),
        newest_draft(person, bindparam("place", type_=String)).label("draft"),
    ]


class _ReaderRow(NamedTuple):
    mark: int | None
    level: str | None
    draft: DraftFields | None


_READER = PreparedQuery(select(*reader_columns(bindparam("thing", type_=Integer))), row=_ReaderRow)


def state_from_row(row: ReaderColumns) -> ReaderState:
    """Return the state of a reader from a row with `reader_columns`."""
    following = {"all": "follow", "silent": "mute"}.get(row.level or "", row.level or "")
    return ReaderState(row.mark or 0, following, dict(row.draft or {}))


def followed_by(person: Person, ids: Sequence[int]) -> set[int]:
    """Return those of the things that a person follows."""
    found = select(Follow.thing_id).where(
        Follow.person_id == person.id, Follow.thing_id.in_(ids), Follow.level == "all"
    )
    return set(db.session.scalars(found))


def reader_state(person: Person, thing: Thing) -> ReaderState:
    """Return the state of a reader in a place."""
    (row,) = _READER.rows(person=person.id, thing=thing.id, place=thing.place)
    return state_from_row(row)
