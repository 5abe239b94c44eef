"""Verbs: permission check, journal entry, listeners, and one commit."""

from __future__ import annotations

import time
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import select, update

from cop.base import action, events, journal
from cop.base.action import transaction
from cop.base.db import db
from cop.base.journal import JournalEntry
from cop.society.organisations import Organisation


def test_commit_outside_a_transaction_is_refused(app: Any) -> None:
    with app.app_context():
        db.session.add(Organisation(kind="care", name="Nergens"))
        with pytest.raises(RuntimeError, match="only commit"):
            db.session.commit()


def test_failed_transaction_is_rolled_back(app: Any) -> None:
    def fail() -> None:
        with transaction():
            db.session.add(Organisation(kind="care", name="Nergens"))
            db.session.flush()
            raise ValueError

    with app.app_context():
        with pytest.raises(ValueError):
            fail()
        assert db.session.scalar(select(Organisation).where(Organisation.name == "Nergens")) is None


def test_nested_transaction_joins_the_outer_one(app: Any) -> None:
    with app.app_context(), transaction() as outer, transaction() as inner:
        assert inner is outer


def test_listeners_run_inside_and_after_the_transaction(
    app: Any, run_as: Any, cast: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cop.base import text
    from cop.society.programmes import Community
    from cop.threads.actions import start

    order: list[tuple[str, bool]] = []
    monkeypatch.setitem(
        events._in_transaction,
        "threads.start",
        [lambda _event: order.append(("in", action._current.get() is not None))],
    )
    monkeypatch.setitem(
        events._after_commit,
        "threads.start",
        [lambda _event: order.append(("after", action._current.get() is not None))],
    )
    run_as("anna", start, Community, cast.one, title="x", text=text.render("y", "plain"))
    assert order == [("in", True), ("after", False)]


def test_reads_wait_for_a_running_write(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Listeners count as part of the write."""
    monkeypatch.setattr(action.WritePriority, "LONGEST", 5)
    running, released, order = Event(), Event(), []

    def write() -> None:
        with app.app_context():
            with transaction() as mine:
                mine.events.append(events.Event("test.last", None, None, None))
            order.append("writer")

    def last(_event: events.Event) -> None:
        running.set()
        assert released.wait(5)

    monkeypatch.setitem(events._after_commit, "test.last", [last])
    writer = Thread(target=write)
    writer.start()
    assert running.wait(5)
    reader = Thread(target=lambda: (action.write_priority.yield_to_writers(), order.append("reader")))
    reader.start()
    reader.join(0.05)
    assert reader.is_alive()
    released.set()
    writer.join()
    reader.join()
    assert sorted(order) == ["reader", "writer"]


def test_reads_wait_for_a_long_write_only_briefly(app: Any) -> None:
    with app.app_context(), transaction():
        began = time.monotonic()
        action.write_priority.yield_to_writers()
        assert action.WritePriority.LONGEST <= time.monotonic() - began < 1


def test_reads_do_not_wait_for_a_failed_write(app: Any) -> None:
    with app.app_context(), pytest.raises(ValueError), transaction():
        raise ValueError
    assert not action.write_priority.running
    assert action.write_priority.idle.is_set()


def test_journal_is_a_hash_chain(app: Any) -> None:
    with app.app_context():
        for n in range(3):
            with transaction():
                journal.write("test.verb", None, None, {"n": n})
        assert journal.first_broken_entry() is None
        second = db.session.scalars(select(JournalEntry).order_by(JournalEntry.id)).all()[1]
        with transaction():
            db.session.execute(update(JournalEntry).where(JournalEntry.id == second.id).values(details={"n": 9}))
        db.session.expire_all()
        assert journal.first_broken_entry() == second.id


def test_removed_last_entry_is_detected(app: Any) -> None:
    with app.app_context():
        for n in range(2):
            with transaction():
                journal.write("test.verb", None, None, {"n": n})
        with transaction():
            db.session.delete(db.session.scalars(select(JournalEntry).order_by(JournalEntry.id.desc())).first())
        assert journal.first_broken_entry() == 0
