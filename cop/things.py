"""The spine: one row for everything readable, and what all of it has in common."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import BaseModel
from sqlalchemy import (
    BindParameter,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    Select,
    String,
    UniqueConstraint,
    bindparam,
    delete,
    insert,
    inspect,
    select,
    update,
)
from sqlalchemy.orm import Mapped, aliased, make_transient_to_detached, mapped_column, relationship
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key

from cop.base import clock
from cop.base.action import detail
from cop.base.db import Base, db, hold, insert_of, upsert
from cop.base.errors import Invalid
from cop.base.ready import Ready
from cop.base.words import _
from cop.people.models import Organisation, Person
from cop.programmes.models import Community

# live: read by the community · hidden: by a moderator, with a reason · retracted: by its author ·
# draft: uploaded but not yet posted, its author's alone · trashed: can be put back
STATES = ("live", "hidden", "retracted", "draft", "trashed")
REACTIONS = ("thanks", "useful", "agree", "idea")  # Dank · Nuttig · Herken ik · Goed idee


class Thing(Base):
    """A row of the spine: who made it, where it stands, in what state, and its place in the order."""

    __tablename__ = "thing"
    __table_args__ = (
        Index("ix_thing_place", "parent_id", "seq"),
        Index("ix_thing_changes", "parent_id", "changed"),
        Index("ix_thing_shelf", "community_id", "kind", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("thing.id"))  # a post's thread, a message's room
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    author_role: Mapped[str] = mapped_column(String(20), default="member")  # as what the author spoke
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))  # for whom, at that time
    title: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(String(12), default="live")
    reason: Mapped[str] = mapped_column(default="")  # why it was hidden
    version: Mapped[int] = mapped_column(default=1)
    made: Mapped[datetime] = mapped_column(default=clock.now)
    edited: Mapped[datetime | None]
    client_id: Mapped[str | None] = mapped_column(String(36), unique=True)
    seq: Mapped[int] = mapped_column(default=0)  # position in its place
    changed: Mapped[int] = mapped_column(default=0)  # seq of the last verb on it
    last_seq: Mapped[int] = mapped_column(default=0)  # of the last verb in it, where it is a place itself

    author: Mapped[Person | None] = relationship(foreign_keys=[author_id])
    organisation: Mapped[Organisation | None] = relationship(foreign_keys=[organisation_id])
    community: Mapped[Community] = relationship(foreign_keys=[community_id])

    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "thing"}

    @property
    def place(self) -> str:
        """The name of this thing as a live place, e.g. `thread:7`."""
        return f"{self.kind}:{self.id}"

    @property
    def author_name(self) -> str:
        """As in the rows of questions: who spoke."""
        return self.author.name if self.author else ""

    @property
    def organisation_name(self) -> str:
        """As in the rows of questions: for whom."""
        return self.organisation.name if self.organisation else ""


T = TypeVar("T", bound=Thing)


class Link(Base):
    """One thing refers to another: `attachment` (a file of a post), `source` (a message a thread grew from)."""

    __tablename__ = "thing_link"
    __table_args__ = (UniqueConstraint("from_id", "to_id", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    from_id: Mapped[int] = mapped_column(ForeignKey("thing.id"), index=True)
    to_id: Mapped[int] = mapped_column(ForeignKey("thing.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))


class Reaction(Base):
    """A person reacts to a thing; each kind once."""

    __tablename__ = "reaction"

    thing_id: Mapped[int] = mapped_column(ForeignKey("thing.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)


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


_NEXT = Ready(
    update(Thing)
    .where(Thing.id == bindparam("place"))
    .values(last_seq=Thing.last_seq + 1, version=Thing.version + 1)
    .returning(Thing.last_seq, Thing.version)
)


def reading(kind: type[Thing]) -> Select[Any]:
    """The things of a kind as rows, by their attributes, for `as_read`."""
    mapper = inspect(kind)
    return select(*[c.label(name) for name, c in mapper.c.items()]).select_from(mapper.persist_selectable)


def as_read(kind: type[T], row: Any) -> T:
    """The thing of a row, in the session: SQLAlchemy's own way to it takes as long as all else that a verb asks."""
    before = db.session.identity_map.get(identity_key(kind, row.id))
    if before is not None:
        return cast(T, before)
    thing = cast(T, inspect(kind).class_manager.new_instance())
    thing.__dict__.update(row._asdict())
    make_transient_to_detached(thing)
    db.session.add(thing)
    return thing


def next_seq(place: Thing) -> int:
    """Takes the next number in `place`, in the running unit; every verb in a place takes one."""
    n = _NEXT.first(place=place.id)
    set_committed_value(place, "last_seq", n.last_seq)
    set_committed_value(place, "version", n.version)
    return int(n.last_seq)


class Author(BaseModel):
    """Who speaks, as what, for whom; for programs."""

    id: int | None
    name: str
    organisation: str
    role: str

    @classmethod
    def of(cls, row: Any) -> Author:
        """From a row of the spine with the names beside it."""
        return cls(
            id=row.author_id, name=row.author_name or "", organisation=row.organisation_name or "", role=row.author_role
        )


def sign(thing: Thing, person: Person, role: str) -> None:
    """Writes down who speaks, as what and for whom, as it stands at this moment."""
    thing.author_id, thing.author_role, thing.organisation_id = person.id, role, person.organisation_id
    set_committed_value(thing, "author", person)
    set_committed_value(thing, "organisation", person.organisation)


@cache
def _insert(kind: type[Thing]) -> tuple[list[tuple[str, Column[Any]]], Ready, Ready]:
    """The columns of a kind by the name of their attribute, the statement for the spine and that for its own row."""
    mapper = inspect(kind)
    spine, own = mapper.tables
    columns = [(mapper.get_property_by_column(c).key, c) for c in (*spine.c, *own.c) if not c.primary_key]
    first, second = (
        insert(table).values({c.key: bindparam(c.key, type_=c.type) for c in table.c if table is own or c.key != "id"})
        for table in (spine, own)
    )
    return columns, Ready(first.returning(spine.c.id)), Ready(second)


def add(thing: Thing) -> None:
    """Inserts a new thing, in the running unit: SQLAlchemy's unit of work takes longer for these two rows than a reply
    takes in all."""
    columns, spine, own = _insert(type(thing))
    fields, given = thing.__dict__, cast(dict[Any, dict[str, Any]], {})
    for name, column in columns:
        value, default = fields.get(name), cast(Any, column.default)
        if value is None and default is not None:
            value = default.arg(None) if default.is_callable else default.arg
        if name == "kind":
            value = inspect(type(thing)).polymorphic_identity
        fields[name] = given.setdefault(column.table, {})[column.key] = value
    first, second = given.values()
    fields["id"] = spine.first(**first).id
    own.run(id=thing.id, **second)
    make_transient_to_detached(thing)
    db.session.add(thing)


_MADE = Ready(select(Thing.id).where(Thing.client_id == bindparam("key")))


def said_before(person: Person, kind: type[T], client_id: Any) -> T | None:
    """What an earlier try of the person with this client_id made; a key of somebody else's is no key.

    A try at the same moment waits for this one to end.
    """
    if not client_id:
        return None
    hold(str(client_id))
    made = _MADE.first(key=str(client_id))
    before = db.session.get(Thing, made.id) if made else None
    if before is None:
        return None
    if not isinstance(before, kind) or before.author_id != person.id:
        raise Invalid(errors={"client_id": _("Deze sleutel is al gebruikt. Maak een nieuwe.")})
    detail(again=1)
    return before


def attach(thing: Thing, person: Person, files: Iterable[int], kind: str = "attachment") -> None:
    """Links files of this community to `thing` and publishes those that were the person's drafts."""
    wanted = list(dict.fromkeys(files))
    if not wanted:
        return
    # What hangs on it already stays, whatever became of it: who corrects a text need not repair its pictures first.
    hung = set(db.session.scalars(select(Link.to_id).where(Link.from_id == thing.id, Link.kind == kind)))
    wanted = [id for id in wanted if id not in hung]
    found = {
        t.id: t
        for t in db.session.scalars(
            select(Thing).where(Thing.id.in_(wanted), Thing.kind == "file", Thing.community_id == thing.community_id)
        )
    }
    for id in wanted:
        file = found.get(id)
        if (
            file is None
            or (file.state == "draft" and file.author_id != person.id)
            or file.state in ("trashed", "hidden")
        ):
            raise Invalid(errors={"files": _("Deze bijlage is er niet (meer). Voeg haar opnieuw toe.")})
        if file.state == "draft":
            file.state = "live"
        db.session.add(Link(from_id=thing.id, to_id=id, kind=kind))


def react(thing: Thing, person: Person, kind: str, on: bool = True) -> None:
    """Sets or takes away a reaction, in the running unit."""
    keys = {"thing_id": thing.id, "person_id": person.id, "kind": kind}
    if on:
        upsert(Reaction, keys, {})
    else:
        db.session.execute(delete(Reaction).filter_by(**keys))


_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_REACTIONS = Ready(
    select(Reaction.thing_id, Reaction.kind, Reaction.person_id)
    .where(Reaction.thing_id.in_(_IDS))
    .order_by(Reaction.thing_id, Reaction.kind, Reaction.person_id)
)
HOST = aliased(Thing)  # a document that stayed behind when its thread moved is not named to the new readers
_ATTACHMENTS = Ready(
    select(Link.from_id, Thing.id, Thing.title, Thing.state)
    .join(Thing, Thing.id == Link.to_id)
    .join(HOST, (HOST.id == Link.from_id) & (HOST.community_id == Thing.community_id))
    .where(Link.from_id.in_(_IDS), Link.kind == "attachment", Thing.state == "live")
    .order_by(Link.id)
)


def reactions(ids: Iterable[int]) -> dict[int, dict[str, list[int]]]:
    """Per thing and kind the ids of who reacted, in one question."""
    by: dict[int, dict[str, list[int]]] = {}
    for thing, kind, person in _REACTIONS.rows(ids=list(ids)):
        by.setdefault(thing, {}).setdefault(kind, []).append(person)
    return by


def reactors(id: int) -> dict[str, dict[int, str]]:
    """Per kind the names of who reacted to a thing, by their id."""
    by: dict[str, dict[int, str]] = {}
    for kind, person, name in db.session.execute(
        select(Reaction.kind, Person.id, Person.name)
        .join(Person, Person.id == Reaction.person_id)
        .where(Reaction.thing_id == id)
        .order_by(Person.name, Person.id)
    ):
        by.setdefault(kind, {})[person] = name
    return by


def attachments(ids: Iterable[int]) -> dict[int, list[Any]]:
    """Per thing its attached files as rows (id, title, state), in one question."""
    by: dict[int, list[Any]] = {}
    for row in _ATTACHMENTS.rows(ids=list(ids)):
        by.setdefault(row.from_id, []).append(row)
    return by


def _forward() -> Any:
    mark = insert_of(Mark).values(
        person_id=bindparam("person"), thing_id=bindparam("thing"), seq=bindparam("upto", type_=Integer)
    )
    return mark.on_conflict_do_update(
        index_elements=["person_id", "thing_id"], set_={"seq": mark.excluded.seq}, where=mark.excluded.seq > Mark.seq
    )


_FORWARD = Ready(_forward)


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
            .where(Thing.id.in_(ids), Thing.kind == "file", Thing.state == "draft", Thing.author_id == person.id)
            .order_by(Thing.id)
        )
    ]


_DROP = Ready(delete(Draft).where(Draft.person_id == bindparam("person"), Draft.place == bindparam("at", type_=String)))


def drop_draft(person: Person, place: str) -> None:
    """Forgets a draft, in the running unit: it was posted."""
    _DROP.run(person=person.id, at=place)


def visible_sources(community_id: int, ids: Iterable[int]) -> list[Thing]:
    """The live things of this community among `ids`: only those may a thread name as its source."""
    return list(
        db.session.scalars(
            select(Thing)
            .where(Thing.id.in_(list(ids)), Thing.community_id == community_id, Thing.state == "live")
            .order_by(Thing.id)
        )
    )


def changed_since(place_id: int, seq: int) -> Select[int]:
    """The ids of the things in a place that changed after `seq`."""
    return select(Thing.id).where(Thing.parent_id == place_id, Thing.changed > seq)


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


_MINE = Ready(select(*mine_of(bindparam("thing", type_=Integer))))


def as_mine(row: Any) -> Mine:
    """A row with the columns of `mine_of`."""
    following = "" if row.muted is None else "mute" if row.muted else "follow"
    return Mine(row.mark or 0, following, dict(row.draft or {}))


def mine(person: Person, thing: Thing) -> Mine:
    """A person's own state in a place, in one question."""
    return as_mine(_MINE.first(person=person.id, thing=thing.id, place=thing.place))
