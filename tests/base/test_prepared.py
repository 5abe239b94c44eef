"""Prepared statements read and write like any other."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from flask import Flask
from sqlalchemy import bindparam, create_engine, delete, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from cop.base.action import transaction
from cop.base.db import UtcDateTime, configure_engine, db
from cop.base.fast.prepared import PreparedQuery, PreparedWrite
from cop.base.fast.readers import readers
from cop.base.fast.rows import attach_row, columns_of, insert_row, loaded_row, set_loaded
from cop.society.people import Person
from cop.things import Body, Draft, Mark
from cop.threads.models import Thread

NAMED = PreparedQuery(
    select(Draft.place, Draft.fields, Draft.saved).where(Draft.place.in_(bindparam("places", expanding=True)))
)
SAVE = PreparedWrite(
    insert(Draft).values(
        person_id=bindparam("person"),
        id=bindparam("at"),
        place=bindparam("at"),
        revision=1,
        writer="",
        fields=bindparam("fields", type_=Draft.__table__.c.fields.type),
        saved=bindparam("saved", type_=UtcDateTime),
    )
)
WHEN = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def save(cast: Any, *places: str) -> int:
    return SAVE.each([{"person": cast.anna, "at": at, "fields": {"body": at}, "saved": WHEN} for at in places])


def test_lists_of_any_length_and_values_of_any_type(app: Flask, cast: Any) -> None:
    with app.app_context(), transaction():
        save(cast, "new:1", "new:2", "new:3")
        for places in ([], ["new:2"], ["new:1", "new:3", "new:9"], ["new:1"]):
            found = NAMED.rows(places=places)
            assert {row.place for row in found} == set(places) - {"new:9"}
            assert all(row.fields == {"body": row.place} and row.saved == WHEN for row in found)
        assert NAMED.first(places=["new:9"]) is None


def test_query_sees_what_the_session_is_about_to_write(app: Flask, cast: Any) -> None:
    with app.app_context(), transaction():
        db.session.add(Draft(person_id=cast.anna, id="new:4", place="new:4", revision=1, writer="", fields={"body": "x"}))
        assert NAMED.first(places=["new:4"]).fields == {"body": "x"}


def test_write_returns_the_number_of_rows(app: Flask, cast: Any) -> None:
    forget = PreparedWrite(update(Mark).where(Mark.person_id == bindparam("person")).values(seq=0))
    with app.app_context(), transaction():
        assert forget.run(person=cast.anna) == 0
        assert save(cast) == 0
        assert save(cast, "new:5") == 1


def test_write_fails_as_the_session_does_and_the_transaction_with_it(app: Flask, cast: Any) -> None:
    with pytest.raises(IntegrityError), app.app_context(), transaction():
        save(cast, "new:6", "new:6")
    with app.app_context():
        assert NAMED.rows(places=["new:6"]) == []


def test_write_needs_a_transaction(app: Flask, cast: Any) -> None:
    with app.app_context(), pytest.raises(AssertionError, match="in a transaction"):
        save(cast, "new:7")


def test_reader_connection_is_used_again(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/asked.sqlite3")
    configure_engine(engine)
    first, second = (readers[engine].take(engine) for _n in range(2))
    asked = [one.driver for one in (first, second)]
    assert asked[0] is not asked[1]
    for one in (second, first):
        readers[engine].give(one)
    assert readers[engine].take(engine) is first
    readers[engine].give(first)
    engine.dispose()
    for driver in asked:
        with pytest.raises(sqlite3.ProgrammingError, match="closed"):
            driver.execute("SELECT 1")


class DraftRow(NamedTuple):
    """The columns of NAMED."""

    place: str
    fields: dict[str, Any]
    saved: datetime


class Misnamed(NamedTuple):
    """As DraftRow, but for one name."""

    place: str
    fields: dict[str, Any]
    at: datetime


DRAFTS = select(Draft.place, Draft.fields, Draft.saved)


def test_rows_come_as_the_class_that_was_named(app: Flask, cast: Any) -> None:
    query = PreparedQuery(DRAFTS.where(Draft.place == bindparam("at")), row=DraftRow)
    with app.app_context(), transaction():
        save(cast, "new:8")
        (row,) = query.rows(at="new:8")
        assert type(row) is DraftRow
        assert row == DraftRow("new:8", {"body": "new:8"}, WHEN)
        assert query.first(at="new:9") is None


def test_row_class_with_other_names_is_refused(app: Flask) -> None:
    with pytest.raises(TypeError, match="Misnamed has the fields"):
        PreparedQuery(DRAFTS, row=Misnamed)
    late = PreparedQuery(lambda: DRAFTS, row=Misnamed)
    with app.app_context(), pytest.raises(TypeError, match="Misnamed has the fields"):
        late.rows()


@pytest.mark.parametrize(
    "statement",
    [
        update(Person).values(name=bindparam("called")),
        delete(Person.__table__),
        insert(Person),
        text("UPDATE person SET name = :called"),
    ],
)
def test_write_to_a_versioned_table_is_refused(statement: Any) -> None:
    with pytest.raises(TypeError, match="may not write to person"):
        PreparedWrite(statement)


def test_write_that_is_built_late_is_refused_when_it_is_built(app: Flask) -> None:
    late = PreparedWrite(lambda: update(Person).values(name="x"))
    with app.app_context(), pytest.raises(TypeError, match="may not write to person"), transaction():
        late.run()


def test_queries_read_and_writes_write() -> None:
    with pytest.raises(TypeError, match="a PreparedQuery reads"):
        PreparedQuery(update(Mark).values(seq=0))
    with pytest.raises(TypeError, match="a PreparedWrite writes"):
        PreparedWrite(select(Mark.seq))


def test_write_names_the_parameter_with_the_thing_it_changes() -> None:
    write = PreparedWrite(update(Thread).where(Thread.id == bindparam("thread")).values(replies=0), changes="thread")
    assert write.changes == "thread"
    assert PreparedWrite(update(Mark).values(seq=0)).changes is None


def test_insert_row_fills_every_table_and_its_defaults(app: Flask, cast: Any) -> None:
    with app.app_context(), transaction():
        here = cast.audiences.one
        thread = Thread(audience_id=here, author_id=cast.anna, title="Sleutels", thread_kind="question")
        insert_row(thread)
        body = Body(thing_id=thread.id, source="x", format="plain", html="<p>x</p>", plain="x", text_version=1)
        insert_row(body)
        for row in (thread, body):
            assert row in db.session
            assert not db.session.is_modified(row)
        inserted = [(Thread, thread.id, columns_of(thread)), (Body, thread.id, columns_of(body))]
        db.session.expunge_all()
        for kind, id, columns in inserted:
            assert columns_of(db.session.get_one(kind, id)) == columns
        assert db.session.scalar(select(func.count()).where(Thread.id == thread.id)) == 1


def test_attached_row_is_that_of_the_session(app: Flask, cast: Any) -> None:
    with app.app_context(), transaction():
        assert loaded_row(Person, cast.anna) is None
        anna = db.session.get_one(Person, cast.anna)
        assert loaded_row(Person, cast.anna) is anna
        assert attach_row(Person, {"id": cast.anna}) is anna
        columns = columns_of(anna)
        db.session.expunge(anna)
        again = attach_row(Person, columns)
        assert again is not anna
        assert again.name == "Anna Adem"
        set_loaded(again, "name", "Anna Anders")
        assert again.name == "Anna Anders"
        assert not db.session.is_modified(again)
