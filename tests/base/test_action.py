"""The one mechanism of verbs: judged, journalled, told, committed once."""

from __future__ import annotations

import time
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import select, update

from cop.base import action, journal
from cop.base.action import unit
from cop.base.db import db
from cop.base.journal import Entry
from cop.people.models import Organisation


def test_commit_elsewhere_is_refused(app: Any) -> None:
    with app.app_context():
        db.session.add(Organisation(kind="care", name="Nergens"))
        with pytest.raises(RuntimeError, match="only commit"):
            db.session.commit()


def test_a_failure_leaves_nothing(app: Any) -> None:
    def fail() -> None:
        with unit():
            db.session.add(Organisation(kind="care", name="Nergens"))
            db.session.flush()
            raise ValueError

    with app.app_context():
        with pytest.raises(ValueError):
            fail()
        assert db.session.scalar(select(Organisation).where(Organisation.name == "Nergens")) is None


def test_a_unit_inside_a_unit_is_the_same(app: Any) -> None:
    with app.app_context(), unit() as outer, unit() as inner:
        assert inner is outer


def test_listeners_run_inside_and_after(app: Any, by: Any, cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from cop.base import text
    from cop.programmes.models import Community
    from cop.threads.actions import start

    order: list[tuple[str, bool]] = []
    monkeypatch.setitem(
        action._in_unit, "threads.start", [lambda told: order.append(("in", action._unit.get() is not None))]
    )
    monkeypatch.setitem(
        action._after, "threads.start", [lambda told: order.append(("after", action._unit.get() is not None))]
    )
    by("anna", start, Community, cast.one, title="x", text=text.render("y", "plain"))
    assert order == [("in", True), ("after", False)]


def test_who_reads_lets_a_unit_go_first(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Until its listeners were told, but not for ever."""
    monkeypatch.setattr(action.Ahead, "LONGEST", 5)
    running, told, order = Event(), Event(), []

    def write() -> None:
        with app.app_context():
            with unit() as mine:
                mine.told.append(action.Told("test.last", None, None, None, {}))
            order.append("unit")

    def last(_told: action.Told) -> None:
        running.set()
        assert told.wait(5)

    monkeypatch.setitem(action._after, "test.last", [last])
    writer = Thread(target=write)
    writer.start()
    assert running.wait(5)
    reader = Thread(target=lambda: (action.ahead.let_go(), order.append("reader")))
    reader.start()
    reader.join(0.05)
    assert reader.is_alive()
    told.set()
    writer.join()
    reader.join()
    assert sorted(order) == ["reader", "unit"]


def test_who_reads_waits_for_a_long_unit_no_longer_than_it_takes_to_notice(app: Any) -> None:
    with app.app_context(), unit():
        began = time.monotonic()
        action.ahead.let_go()
        assert action.Ahead.LONGEST <= time.monotonic() - began < 1


def test_nobody_waits_for_a_unit_that_failed(app: Any) -> None:
    with app.app_context(), pytest.raises(ValueError), unit():
        raise ValueError
    assert not action.ahead.running
    assert action.ahead.none.is_set()


def test_the_journal_is_a_chain(app: Any) -> None:
    with app.app_context():
        for n in range(3):
            with unit():
                journal.write("test.verb", None, None, {"n": n})
        assert journal.broken() is None
        second = db.session.scalars(select(Entry).order_by(Entry.id)).all()[1]
        with unit():
            db.session.execute(update(Entry).where(Entry.id == second.id).values(details={"n": 9}))
        db.session.expire_all()
        assert journal.broken() == second.id


def test_a_removed_last_entry_shows(app: Any) -> None:
    with app.app_context():
        for n in range(2):
            with unit():
                journal.write("test.verb", None, None, {"n": n})
        with unit():
            db.session.delete(db.session.scalars(select(Entry).order_by(Entry.id.desc())).first())
        assert journal.broken() == 0
