"""The marks of a reader in all threads of a community: reading everything, and taking that back exactly."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import JSON, ForeignKey, Table, bindparam, delete, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from cop import access
from cop.base import clock
from cop.base.action import UNDO_WITHIN
from cop.base.db import Base, advisory_lock, db, insert_of, upsert
from cop.society.people import Person
from cop.society.programmes import Community
from cop.things import Mark
from cop.threads.models import Thread


class CatchUp(Base):
    """The last time that a person marked everything in an audience as read, with the marks that this moved.

    marks: for each thread, by its id as text, the mark before (None: never opened) and after.
    """

    __tablename__ = "catch_up"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    audience_id: Mapped[int] = mapped_column(ForeignKey("audience.id"), primary_key=True, index=True)
    at: Mapped[datetime]
    marks: Mapped[dict[str, Any]] = mapped_column(JSON)


class Caught(NamedTuple):
    """Reading everything, or taking it back: when everything was read, and how many threads that was about."""

    at: datetime
    number: int


_MARK: Table = Mark.__table__  # type: ignore[assignment]


def read_all(person: Person, community: Community) -> Caught:
    """Move the marks of a person to the last post of every thread that they see; where nothing is unread, nothing changes."""
    advisory_lock(f"marks:{person.id}")
    unread = (
        select(Thread.id, Mark.seq, Thread.last_post)
        .outerjoin(Mark, (Mark.thing_id == Thread.id) & (Mark.person_id == person.id))
        .where(
            Thread.audience_id == community.audience_id,
            Thread.last_post > func.coalesce(Mark.seq, 0),
            access.visible_to(person, Thread),
        )
    )
    rows = db.session.execute(unread).all()
    at = clock.now()
    if not rows:
        return Caught(at, 0)
    mark = insert_of(Mark)
    forward = mark.on_conflict_do_update(
        index_elements=["person_id", "thing_id"], set_={"seq": mark.excluded.seq}, where=mark.excluded.seq > Mark.seq
    )
    read = [{"person_id": person.id, "thing_id": id, "seq": last} for id, _before, last in rows]
    db.session.connection().execute(forward, read)
    marks = {str(id): [before, last] for id, before, last in rows}
    keys = {"person_id": person.id, "audience_id": community.audience_id}
    upsert(CatchUp, keys, {"at": at, "marks": marks})
    db.session.expire_all()
    return Caught(at, len(rows))


def unread_all(person: Person, community: Community) -> Caught:
    """Put the marks back that `read_all` moved last, except of threads in which the person has read on since.

    Where there is nothing to take back, or it is too late, nothing changes.
    """
    advisory_lock(f"marks:{person.id}")
    found = db.session.get(CatchUp, (person.id, community.audience_id), populate_existing=True)
    if found is None or found.at < clock.now() - UNDO_WITHIN:
        return Caught(clock.now(), 0)
    moved = [(int(id), before, after) for id, (before, after) in found.marks.items()]
    here = (
        (_MARK.c.person_id == person.id)
        & (_MARK.c.thing_id == bindparam("thread"))
        & (_MARK.c.seq == bindparam("after"))
    )
    back = [{"thread": id, "after": after, "before": before} for id, before, after in moved if before is not None]
    new = [{"thread": id, "after": after} for id, before, after in moved if before is None]
    connection = db.session.connection()
    if back:
        connection.execute(update(_MARK).where(here).values(seq=bindparam("before")), back)
    if new:
        connection.execute(delete(_MARK).where(here), new)
    caught = Caught(found.at, len(moved))
    db.session.delete(found)
    db.session.expire_all()
    return caught


_BACK = (
    update(_MARK)
    .where(
        _MARK.c.person_id == bindparam("person"),
        _MARK.c.thing_id == bindparam("thread"),
        _MARK.c.seq > bindparam("upto"),
    )
    .values(seq=bindparam("upto"))
)


def unread_from(person: Person, thread_id: int, seq: int) -> int | None:
    """Move the mark of a person in a thread back to before a position; return where it was, None where it was not beyond."""
    mark = db.session.get(Mark, (person.id, thread_id), populate_existing=True)
    if mark is None or mark.seq < seq:
        return None
    before = mark.seq
    db.session.connection().execute(_BACK, {"person": person.id, "thread": thread_id, "upto": seq - 1})
    db.session.expire(mark)
    return before
