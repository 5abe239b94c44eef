"""Filling the index: one entry at a time as things are written, or all at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import Select, bindparam, delete, exists, func, select, text, union_all
from sqlalchemy.sql.util import find_tables

from cop.base.db import db, insert_of, is_sqlite
from cop.base.fast.prepared import PreparedWrite
from cop.search import fulltext
from cop.search.models import ENTRY, Entry
from cop.society.organisations import Organisation
from cop.society.people import Person
from cop.things import Kind, Thing, kinds

THING, PERSON, ORGANISATION = Thing.__table__, Person.__table__, Organisation.__table__
BATCH = 500

ENTERED = PERSON.c.entered.is_not(None) & (PERSON.c.name != "")
PERSON_MISSING = ENTERED & ~exists().where(ENTRY.c.person_id == PERSON.c.id)


def put_things(kind: Kind, ids: Sequence[int]) -> None:
    """Write what these things of a kind say now into the index, in the running transaction."""
    fulltext.write(_put_entries_of(kind).rows(ids=list(ids)))


def put_people(ids: Sequence[int]) -> None:
    """Index the current profile of these people, in the running transaction."""
    people = [_person(row) for row in db.session.execute(_people().where(PERSON.c.id.in_(ids)))]
    fulltext.write([entry for person in people for entry in _PUT_PERSON.rows(**person)])


def index_all() -> int:
    """Index what is missing, oldest first, in the running transaction; return how many entries were added."""
    _gather_statistics()
    people = list(db.session.scalars(select(PERSON.c.id).where(PERSON_MISSING).order_by(PERSON.c.id)))
    count = len(people)
    for first in range(0, len(people), BATCH):
        put_people(people[first : first + BATCH])
    things = db.session.execute(_missing().order_by(THING.c.made, THING.c.id)).all()
    for name, rows in groupby(things, key=lambda row: row.kind):
        ids = [row.id for row in rows]
        for first in range(0, len(ids), BATCH):
            put_things(kinds.get(name), ids[first : first + BATCH])
    return count + len(things)


def rebuild() -> int:
    """Rebuild the whole index in the running transaction; return the number of entries."""
    connection = db.session.connection()
    fulltext.drop_index(connection)
    db.session.execute(delete(Entry))
    fulltext.create_index(connection)
    return index_all()


def count_missing() -> int:
    """How many things and people the index lacks, or has without their words."""
    lacking = ((PERSON, PERSON_MISSING), (ENTRY, fulltext.lacks()))
    asked = [select(func.count()).select_from(table).where(missing) for table, missing in lacking]
    asked.append(select(func.count()).select_from(_missing().subquery()))
    return sum(db.session.scalar(ask) or 0 for ask in asked)


def _gather_statistics() -> None:
    """Let PostgreSQL count the rows of what is read, of which many may just have been added.

    It would go on with the plan that it made for the few of before, and compare every row with every other.
    """
    if not is_sqlite():
        read = {table.name for kind in kinds.every() if kind.index is not None for table in find_tables(kind.index)}
        db.session.execute(text(f"ANALYZE {', '.join(sorted(read))}"))


def _missing() -> Select[Any]:
    """Select (id, kind) of the things that the index lacks."""
    indexed = union_all(*(kind.index for kind in kinds.every() if kind.index is not None)).subquery()
    entered = exists().where(ENTRY.c.thing_id == THING.c.id)
    return select(THING.c.id, THING.c.kind).join(indexed, indexed.c.thing_id == THING.c.id).where(~entered)


@cache
def _put_entries_of(kind: Kind) -> PreparedWrite[Any]:
    """Return the statement that stores the entries of `:ids`, things of one kind, as the kind selects them."""
    assert kind.index is not None
    found = kind.index.where(THING.c.id.in_(bindparam("ids", expanding=True))).order_by(THING.c.id)
    return PreparedWrite(lambda: _upsert("thing_id", insert_of(Entry).from_select(("thing_id", *_COLUMNS), found)))


def _people() -> Select[Any]:
    """Return the query for everybody who entered, with their public details."""
    return (
        select(
            PERSON.c.id, PERSON.c.name, PERSON.c.function, PERSON.c.themes, ORGANISATION.c.name.label("organisation")
        )
        .select_from(PERSON.outerjoin(ORGANISATION, ORGANISATION.c.id == PERSON.c.organisation_id))
        .where(ENTERED)
        .order_by(PERSON.c.id)
    )


def _person(row: Any) -> dict[str, Any]:
    """Return a person as the columns of an entry."""
    body = " · ".join(filter(None, [row.function, row.organisation, *(row.themes or [])]))
    return {"person_id": row.id, "kind": "person", "title": row.name, "plain": body}


_COLUMNS = ("kind", "title", "plain")


def _upsert(key: str, insert: Any) -> Any:
    """Return the insert as an upsert by this key, which returns the id, title and text of the entries."""
    upsert = insert.on_conflict_do_update(index_elements=[key], set_={name: insert.excluded[name] for name in _COLUMNS})
    return upsert.returning(ENTRY.c.id, ENTRY.c.title, ENTRY.c.plain)


def _put_person() -> Any:
    columns = ("person_id", *_COLUMNS)
    return _upsert(
        "person_id", insert_of(Entry).values({name: bindparam(name, type_=ENTRY.c[name].type) for name in columns})
    )


_PUT_PERSON = PreparedWrite(_put_person)
