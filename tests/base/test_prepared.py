"""Statements that were made once ask and write like any other."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import bindparam, create_engine, insert, select, update
from sqlalchemy.exc import IntegrityError

from cop.base.action import transaction
from cop.base.db import UtcDateTime, configure_engine, db
from cop.base.fast.prepared import PreparedQuery
from cop.base.fast.readers import readers
from cop.things import Draft, Mark

NAMED = PreparedQuery(
    select(Draft.place, Draft.fields, Draft.saved).where(Draft.place.in_(bindparam("places", expanding=True)))
)
SAVE = PreparedQuery(
    insert(Draft).values(
        person_id=bindparam("person"),
        place=bindparam("at"),
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


def test_it_sees_what_the_session_is_about_to_write(app: Flask, cast: Any) -> None:
    with app.app_context(), transaction():
        db.session.add(Draft(person_id=cast.anna, place="new:4", fields={"body": "x"}))
        assert NAMED.first(places=["new:4"]).fields == {"body": "x"}


def test_it_tells_how_much_it_changed(app: Flask, cast: Any) -> None:
    forget = PreparedQuery(update(Mark).where(Mark.person_id == bindparam("person")).values(seq=0))
    with app.app_context(), transaction():
        assert forget.run(person=cast.anna) == 0
        assert save(cast) == 0
        assert save(cast, "new:5") == 1


def test_it_fails_as_the_session_does_and_the_unit_with_it(app: Flask, cast: Any) -> None:
    with pytest.raises(IntegrityError), app.app_context(), transaction():
        save(cast, "new:6", "new:6")
    with app.app_context():
        assert NAMED.rows(places=["new:6"]) == []


def test_rows_are_written_in_a_unit(app: Flask, cast: Any) -> None:
    with app.app_context(), pytest.raises(AssertionError, match="in a unit"):
        save(cast, "new:7")


def test_who_only_asks_takes_the_same_connection_again(tmp_path: Path) -> None:
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
