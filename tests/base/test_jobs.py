"""Jobs: enqueued with the verb, run once, retried, never lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from cop.base import clock, jobs
from cop.base.action import transaction
from cop.base.db import db
from cop.base.jobs import Job


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the calls of the job `test.note`."""
    did: list[int] = []
    monkeypatch.setitem(jobs.JOBS, "test.note", did.append)
    return did


def test_job_runs_once(app: Any, done: list[int]) -> None:
    with app.app_context():
        with transaction():
            jobs.later("test.note", 7)
        assert jobs.run_due() == 1
        assert jobs.run_due() == 0
    assert done == [7]


def test_job_is_rolled_back_with_its_verb(app: Any, done: list[int]) -> None:
    def fail() -> None:
        with transaction():
            jobs.later("test.note", 7)
            raise ValueError

    with app.app_context():
        with pytest.raises(ValueError):
            fail()
        assert jobs.run_due() == 0


def test_failing_job_is_retried_and_then_given_up(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(n: int) -> None:
        raise ValueError("geen verbinding")

    monkeypatch.setitem(jobs.JOBS, "test.note", fail)
    with app.app_context():
        with transaction():
            jobs.later("test.note", 7)
        for _try in range(jobs.TRIES):
            assert jobs.run_due() == 1
            clock.shift(clock._shift + timedelta(hours=9))
        assert jobs.run_due() == 0
        row = db.session.scalar(select(Job))
        assert (row.state, row.error) == ("dead", "ValueError: geen verbinding")
        with transaction():
            jobs.revive(row.id)
        assert jobs.run_due() == 1


def test_job_of_a_dead_worker_is_released(app: Any, done: list[int]) -> None:
    with app.app_context():
        with transaction():
            jobs.later("test.note", 7)
        assert jobs._take() is not None  # the worker dies here
        assert jobs.run_due() == 0
        clock.shift(jobs.LEASE + timedelta(seconds=1))
        assert jobs.run_due() == 1
    assert done == [7]


def test_recurring_job_is_planned_once(app: Any, done: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(jobs.JOBS, "test.daily", lambda: done.append(1))
    monkeypatch.setattr(jobs, "SCHEDULE", {"test.daily": lambda now: now + timedelta(days=1)})
    with app.app_context():
        jobs.plan()
        assert jobs.run_due() == 0
        clock.shift(timedelta(days=1, minutes=1))
        jobs.plan()
        jobs.plan()
        assert jobs.run_due() == 1
