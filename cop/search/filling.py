"""Filling the index from the rooms: one by one, as things are written, or all at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from sqlalchemy import Select, bindparam, delete, exists, func, or_, select

from cop.base.db import db, insert_of
from cop.base.fast.prepared import PreparedQuery, PreparedWrite
from cop.chat.models import MESSAGE
from cop.documents.models import FILE
from cop.search import fulltext
from cop.search.models import ENTRY, Entry
from cop.society.organisations import Organisation
from cop.society.people import Person
from cop.threads.models import POST, THING, THREAD

PERSON, ORGANISATION = Person.__table__, Organisation.__table__
OPENING, OPENING_POST = THING.alias("opening"), POST.alias("opening_post")
BATCH = 500

# The opening of a thread is found by the thread's entry, together with the title.
READABLE = THING.c.kind.in_(("thread", "post", "file", "message")) & or_(THING.c.kind != "post", THING.c.seq > 1)
ENTERED = PERSON.c.entered.is_not(None) & (PERSON.c.name != "")
THING_MISSING = READABLE & ~exists().where(ENTRY.c.thing_id == THING.c.id)
PERSON_MISSING = ENTERED & ~exists().where(ENTRY.c.person_id == PERSON.c.id)


def put_things(ids: Sequence[int]) -> None:
    """Has the index say what these things say now, in the running unit."""
    _put("thing_id", [row._asdict() for row in _THESE.rows(ids=list(ids))])


def put_people(ids: Sequence[int]) -> None:
    """Has the index say what these people say of themselves now, in the running unit."""
    _put("person_id", [_person(row) for row in db.session.execute(_people().where(PERSON.c.id.in_(ids)))])


def index_all() -> int:
    """Adds what the index lacks, the oldest first, in the running unit; gives how much that was."""
    people = list(db.session.scalars(select(PERSON.c.id).where(PERSON_MISSING).order_by(PERSON.c.id)))
    things = list(db.session.scalars(select(THING.c.id).where(THING_MISSING).order_by(THING.c.made, THING.c.id)))
    for put, ids in ((put_people, people), (put_things, things)):
        for first in range(0, len(ids), BATCH):
            put(ids[first : first + BATCH])
    return len(people) + len(things)


def rebuild() -> int:
    """Makes the whole index anew, in the running unit; gives how many entries it has."""
    connection = db.session.connection()
    fulltext.drop_index(connection)
    db.session.execute(delete(Entry))
    fulltext.create_index(connection)
    return index_all()


def count_missing() -> int:
    """How many things and people the index lacks, or has without their words."""
    lacking = ((THING, THING_MISSING), (PERSON, PERSON_MISSING), (ENTRY, fulltext.lacks()))
    asked = (select(func.count()).select_from(table).where(missing) for table, missing in lacking)
    return sum(db.session.scalar(ask) or 0 for ask in asked)


def _things() -> Select[Any]:
    """Everything in the rooms that can be found, as it stands in the entries."""
    said = func.coalesce(POST.c.plain, MESSAGE.c.plain, FILE.c.description, OPENING_POST.c.plain, "")
    opening = (OPENING.c.parent_id == THREAD.c.id) & (OPENING.c.kind == "post") & (OPENING.c.seq == 1)
    return (
        select(
            THING.c.id.label("thing_id"),
            func.coalesce(THREAD.c.thread_kind, THING.c.kind).label("kind"),
            THING.c.title,
            said.label("plain"),
        )
        .select_from(
            THING.outerjoin(THREAD, THREAD.c.id == THING.c.id)
            .outerjoin(OPENING, opening & (OPENING.c.state == "live"))
            .outerjoin(OPENING_POST, OPENING_POST.c.id == OPENING.c.id)
            .outerjoin(POST, POST.c.id == THING.c.id)
            .outerjoin(MESSAGE, MESSAGE.c.id == THING.c.id)
            .outerjoin(FILE, FILE.c.id == THING.c.id)
        )
        .where(READABLE)
        .order_by(THING.c.made, THING.c.id)
    )


def _people() -> Select[Any]:
    """Everybody who entered, with what others read about them."""
    return (
        select(
            PERSON.c.id, PERSON.c.name, PERSON.c.function, PERSON.c.themes, ORGANISATION.c.name.label("organisation")
        )
        .select_from(PERSON.outerjoin(ORGANISATION, ORGANISATION.c.id == PERSON.c.organisation_id))
        .where(ENTERED)
        .order_by(PERSON.c.id)
    )


def _person(row: Any) -> dict[str, Any]:
    said = " · ".join(filter(None, [row.function, row.organisation, *(row.themes or [])]))
    return {"person_id": row.id, "kind": "person", "title": row.name, "plain": said}


def _keep(key: str) -> Any:
    insert = insert_of(Entry).values({name: bindparam(name, type_=ENTRY.c[name].type) for name in (key, *_SAID)})
    put = insert.on_conflict_do_update(index_elements=[key], set_={name: insert.excluded[name] for name in _SAID})
    return put.returning(ENTRY.c.id, ENTRY.c.title, ENTRY.c.plain)


_SAID = ("kind", "title", "plain")
_KEEP = {key: PreparedWrite(partial(_keep, key)) for key in ("thing_id", "person_id")}
_THESE = PreparedQuery(_things().where(THING.c.id.in_(bindparam("ids", expanding=True))))


def _put(key: str, entries: Iterable[dict[str, Any]]) -> None:
    fulltext.write([row for entry in entries for row in _KEEP[key].rows(**entry)])
