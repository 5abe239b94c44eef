"""What a person has in a place: how far they read, whether they follow, what they were writing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Integer, String, bindparam, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from cop.base import clock
from cop.base.db import Base, db, insert_of, upsert
from cop.base.fast.prepared import PreparedQuery, PreparedWrite
from cop.society.people import Person
from cop.things import kinds
from cop.things.spine import Thing


class Mark(Base):
    """How far a person has read in a place: 'bijgewerkt tot hier'."""

    __tablename__ = "mark"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    thing_id: Mapped[int] = mapped_column(ForeignKey("thing.id"), primary_key=True, index=True)
    seq: Mapped[int]


class Follow(Base):
    """A person follows or mutes a thing; what is not here is neither."""

    __tablename__ = "follow"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    thing_id: Mapped[int] = mapped_column(ForeignKey("thing.id"), primary_key=True, index=True)
    muted: Mapped[bool] = mapped_column(default=False)


class Draft(Base):
    """What a person is writing, per place (`thread:7`, `new:3`, `room:2`); `fields` as the form sends them."""

    __tablename__ = "draft"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    place: Mapped[str] = mapped_column(String(40), primary_key=True)
    fields: Mapped[dict]
    saved: Mapped[datetime] = mapped_column(default=clock.now)


def _forward() -> Any:
    mark = insert_of(Mark).values(
        person_id=bindparam("person"), thing_id=bindparam("thing"), seq=bindparam("upto", type_=Integer)
    )
    return mark.on_conflict_do_update(
        index_elements=["person_id", "thing_id"], set_={"seq": mark.excluded.seq}, where=mark.excluded.seq > Mark.seq
    )


_FORWARD = PreparedWrite(_forward)


def mark(person: Person, place: Thing, seq: int) -> None:
    """Moves a person's reading mark forward, never back, in the running unit."""
    _FORWARD.run(person=person.id, thing=place.id, upto=min(seq, place.last_seq))


def save_draft(person: Person, place: str, fields: dict[str, Any]) -> None:
    """Keeps what the person is writing in `place`, in the running unit."""
    upsert(Draft, {"person_id": person.id, "place": place}, {"fields": fields, "saved": clock.now()})


def draft_of(person: Person, place: str) -> dict[str, Any]:
    """What the person left unfinished in `place`, else {}."""
    row = db.session.get(Draft, (person.id, place))
    return dict(row.fields) if row else {}


def unposted(person: Person, files: Iterable[str]) -> list[tuple[int, str]]:
    """Those of the files named in a draft that still hang on it, with their titles."""
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
    """Forgets a draft, in the running unit: it was posted."""
    _DROP.run(person=person.id, at=place)


@dataclass
class Mine:
    """What a person has in a place: how far they read, whether they follow, what they were writing."""

    mark: int
    following: str  # follow, mute or nothing
    draft: dict[str, Any]


def mine_of(thing: Any) -> list[ColumnElement[Any]]:
    """What `:person` has in `thing`, whose name as a place is `:place`, as columns of a question about it."""
    person = bindparam("person", type_=Integer)
    marked = select(Mark.seq).where(Mark.person_id == person, Mark.thing_id == thing)
    followed = select(Follow.muted).where(Follow.person_id == person, Follow.thing_id == thing)
    drafted = select(Draft.fields).where(Draft.person_id == person, Draft.place == bindparam("place", type_=String))
    named = {"mark": marked, "muted": followed, "draft": drafted}
    return [asked.scalar_subquery().label(name) for name, asked in named.items()]


_MINE = PreparedQuery(select(*mine_of(bindparam("thing", type_=Integer))))


def as_mine(row: Any) -> Mine:
    """A row with the columns of `mine_of`."""
    following = "" if row.muted is None else "mute" if row.muted else "follow"
    return Mine(row.mark or 0, following, dict(row.draft or {}))


def mine(person: Person, thing: Thing) -> Mine:
    """A person's own state in a place, in one question."""
    return as_mine(_MINE.first(person=person.id, thing=thing.id, place=thing.place))
