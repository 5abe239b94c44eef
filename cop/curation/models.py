"""How threads came from each other, the notes of moderators, and the queries on both."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import JSON, ForeignKey, Index, Integer, String, Text, bindparam, func, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from cop import access
from cop.base import clock
from cop.base.db import Base, db
from cop.base.errors import NotFound
from cop.base.fast.prepared import PreparedQuery
from cop.society.people import Person
from cop.things import Thing, shown_on

MOST_NAMED = 10  # relations that the page of a thread names
MOST_NOTES = 200  # notes that a page shows


@shown_on(lambda row: [row.source_id, row.target_id])
class ThreadRelation(Base):
    """What moderators did with two threads, which the pages of both show.

    kind: `merge`, the source stands in the target since; `split`, the target was begun with posts of the source; `move`,
    posts of the source stand in the target since; `duplicate`, the source was closed, and goes on in the target.
    post_id: the first post that went along, after_id: the one before it, which stayed.
    base, upto: of a merge, what was added to the positions of the source's posts, and the last of these before that.
    kept: of a merge, what is needed to undo it: the ids of the links that were copied.
    """

    __tablename__ = "thread_relation"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    source_id: Mapped[int] = mapped_column(ForeignKey("thing.id"), index=True)
    target_id: Mapped[int] = mapped_column(ForeignKey("thing.id"), index=True)
    post_id: Mapped[int | None] = mapped_column(ForeignKey("thing.id"), index=True)
    after_id: Mapped[int | None] = mapped_column(ForeignKey("thing.id"), index=True)
    posts: Mapped[int] = mapped_column(default=0)
    base: Mapped[int] = mapped_column(default=0)
    upto: Mapped[int] = mapped_column(default=0)
    kept: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    made: Mapped[datetime] = mapped_column(default=clock.now)


class StaffNote(Base):
    """A note of a moderator on a thread or on a member, for the moderators of its audience alone.

    member_id: whom it is about, who never sees it, even as a moderator. person_id: who wrote it.
    """

    __tablename__ = "staff_note"
    __table_args__ = (
        Index("ix_staff_note_thing", "thing_id", "id"),
        Index("ix_staff_note_member", "member_id", "audience_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    audience_id: Mapped[int] = mapped_column(ForeignKey("audience.id"), index=True)
    thing_id: Mapped[int | None] = mapped_column(ForeignKey("thing.id"))
    member_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    made: Mapped[datetime] = mapped_column(default=clock.now)
    edited: Mapped[datetime | None]

    @property
    def url(self) -> str:
        return f"/notes/{self.id}"


RELATION, THING, NOTE = ThreadRelation.__table__, Thing.__table__, StaffNote.__table__
PERSON = Person.__table__
_SOURCE, _TARGET = THING.alias("source"), THING.alias("target")


class RelationRow(NamedTuple):
    """A relation of two threads, as the pages of both show it."""

    kind: str
    source_id: int
    target_id: int
    post_id: int | None
    after_id: int | None
    posts: int
    made: datetime
    source_title: str
    source_state: str
    source_audience: int
    target_title: str
    target_state: str
    target_audience: int


_RELATIONS = PreparedQuery(
    select(
        *(RELATION.c[name] for name in RelationRow._fields[:7]),
        *(
            one.c[name].label(f"{one.name}_{label}")
            for one in (_SOURCE, _TARGET)
            for name, label in (("title", "title"), ("state", "state"), ("audience_id", "audience"))
        ),
    )
    .select_from(
        RELATION.join(_SOURCE, _SOURCE.c.id == RELATION.c.source_id).join(_TARGET, _TARGET.c.id == RELATION.c.target_id)
    )
    .where(
        or_(
            RELATION.c.source_id == bindparam("thread", type_=Integer),
            RELATION.c.target_id == bindparam("thread", type_=Integer),
        )
    )
    .order_by(RELATION.c.id.desc())
    .limit(bindparam("most", type_=Integer)),
    row=RelationRow,
)


def relations_of(thread_id: int) -> list[RelationRow]:
    """Return the newest relations of a thread, whoever may see the other threads."""
    return _RELATIONS.rows(thread=thread_id, most=MOST_NAMED)


def relation(kind: str, *, source: int | None = None, target: int | None = None) -> ThreadRelation | None:
    """Return the newest relation of a kind of these threads."""
    query = select(ThreadRelation).where(ThreadRelation.kind == kind)
    if source is not None:
        query = query.where(ThreadRelation.source_id == source)
    if target is not None:
        query = query.where(ThreadRelation.target_id == target)
    found: ThreadRelation | None = db.session.scalar(query.order_by(ThreadRelation.id.desc()).limit(1))
    return found


class Merged(NamedTuple):
    """A thread that was merged into another, and can be taken out of it as it was."""

    id: int
    title: str
    posts: int
    made: datetime


_PUT = THING.alias("put")
# The posts between the positions of a merge: where they are as many as were put there, all of them are there still.
_STILL_THERE = (
    select(func.count())
    .where(
        _PUT.c.parent_id == RELATION.c.target_id,
        _PUT.c.kind == "post",
        _PUT.c.seq > RELATION.c.base,
        _PUT.c.seq <= RELATION.c.base + RELATION.c.upto,
    )
    .correlate(RELATION)
    .scalar_subquery()
)


def merges_into(thread_id: int) -> list[Merged]:
    """Return the threads that were merged into a thread and whose posts all stand where they were put, the newest first."""
    query = (
        select(_SOURCE.c.id, _SOURCE.c.title, RELATION.c.posts, RELATION.c.made)
        .select_from(RELATION.join(_SOURCE, _SOURCE.c.id == RELATION.c.source_id))
        .where(RELATION.c.target_id == thread_id, RELATION.c.kind == "merge", RELATION.c.posts == _STILL_THERE)
        .order_by(RELATION.c.id.desc())
    )
    return [Merged(*row) for row in db.session.execute(query)]


class NoteRow(NamedTuple):
    """A note as moderators read it; the name is None for somebody who left without it."""

    id: int
    text: str
    made: datetime
    edited: datetime | None
    person_id: int | None
    author_name: str | None
    thing_id: int | None
    member_id: int | None

    @property
    def url(self) -> str:
        return f"/notes/{self.id}"


_NOTES = select(
    *(NOTE.c[name] for name in NoteRow._fields[:5]),
    PERSON.c.name.label("author_name"),
    NOTE.c.thing_id,
    NOTE.c.member_id,
).select_from(NOTE.outerjoin(PERSON, PERSON.c.id == NOTE.c.person_id))


def note_row(id: int) -> NoteRow:
    """Return a note as moderators read it."""
    return NoteRow._make(db.session.execute(_NOTES.where(NOTE.c.id == id)).one())


def notes(*, thing: int | None = None, member: int | None = None, audience: int | None = None) -> Sequence[NoteRow]:
    """Return the notes on a thread, or on a member in an audience, the newest first."""
    query = _NOTES
    if thing is not None:
        query = query.where(NOTE.c.thing_id == thing)
    else:
        query = query.where(NOTE.c.member_id == member, NOTE.c.audience_id == audience)
    return [NoteRow._make(row) for row in db.session.execute(query.order_by(NOTE.c.id.desc()).limit(MOST_NOTES))]


def find_note(person: Person, id: int) -> StaffNote:
    """Return a note of an audience that a person moderates; raise NotFound for any other, such as one about themselves."""
    found = db.session.get(StaffNote, id)
    if found is None or not access.rights(person).curates(found.audience_id) or found.member_id == person.id:
        raise NotFound
    return found
