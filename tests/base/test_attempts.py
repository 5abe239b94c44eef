"""Limits on attempts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from cop.base import attempts, clock
from cop.base.action import transaction
from cop.base.db import db
from cop.base.errors import TooMany

MINUTE = timedelta(minutes=1)


@pytest.fixture
def context(app: Any) -> Any:
    with app.app_context():
        yield


def test_attempts_are_limited(context: None) -> None:
    for _try in range(3):
        attempts.count("a", MINUTE, 3)
    with pytest.raises(TooMany) as refused:
        attempts.count("a", MINUTE, 3)
    assert 0 < refused.value.extra["retry_after"] <= 60
    assert "1 minuut" in refused.value.words
    attempts.count("b", MINUTE, 3)


def test_window_starts_with_the_first_attempt(context: None) -> None:
    attempts.count("a", MINUTE, 2)
    clock.shift(timedelta(seconds=50))
    attempts.count("a", MINUTE, 2)
    with pytest.raises(TooMany):
        attempts.count("a", MINUTE, 2)
    clock.shift(timedelta(seconds=61))
    attempts.count("a", MINUTE, 2)
    attempts.count("a", MINUTE, 2)
    with pytest.raises(TooMany):
        attempts.count("a", MINUTE, 2)


def test_success_clears_the_attempts(context: None) -> None:
    attempts.count("a", MINUTE, 1)
    attempts.reset("a")
    attempts.count("a", MINUTE, 1)


def test_attempt_in_a_failed_transaction_is_rolled_back(context: None) -> None:
    def fail() -> None:
        with transaction():
            attempts.count("a", MINUTE, 1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    attempts.count("a", MINUTE, 1)


def test_addresses_are_not_stored(context: None) -> None:
    attempts.count("anna@proef.example from 203.0.113.9", MINUTE, 1)
    keys = db.session.scalars(select(attempts.Attempt.key)).all()
    assert len(keys) == 1
    assert "anna" not in keys[0]


def test_old_attempts_are_deleted(context: None) -> None:
    attempts.count("a", MINUTE, 1)
    clock.shift(timedelta(hours=23))
    attempts.count("b", MINUTE, 1)
    clock.shift(timedelta(hours=25))
    attempts.sweep()
    assert len(db.session.scalars(select(attempts.Attempt.key)).all()) == 1
