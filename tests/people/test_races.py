"""Simultaneous requests on a real database with real commits."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from cop import access
from cop.base import clock, journal
from cop.base.action import transaction
from cop.base.db import db
from cop.base.errors import Conflict
from cop.people import actions
from cop.society.credentials import new_link
from cop.society.people import Person
from tests.conftest import Client, SeparateApp


@pytest.fixture
def real_app(separate_app: SeparateApp, tmp_path: Any) -> Any:
    """Return a separate app with two administrators."""
    with separate_app("races", tmp_path) as app:
        with app.app_context(), transaction():
            db.session.add_all(
                Person(mail=f"{name}@proef.example", name=name, state="active", is_admin=True, entered=clock.now())
                for name in ("Iris", "Ivo")
            )
            journal.write("denied", None, None, {})  # creates the head of the journal
        yield app


def at_once(run: Callable[[int], Any], times: int) -> list[Any]:
    """Return the results of `times` simultaneous calls."""
    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


def test_link_works_once(real_app: Flask) -> None:
    with real_app.app_context(), transaction():
        secret, _code = new_link(db.session.get(Person, 1), "sign-in")
    statuses = at_once(lambda _n: Client(real_app, real_app.response_class).post(f"/sign-in/{secret}").status_code, 8)
    assert sorted(statuses) == [303] + [410] * 7


def test_five_concurrent_tries_count_as_five(real_app: Flask) -> None:
    with real_app.app_context(), transaction():
        _secret, code = new_link(db.session.get(Person, 1), "sign-in")
    wrong = f"{(int(code) + 1) % 10**6:06d}"

    def guess(n: int) -> int:
        return (
            Client(real_app, real_app.response_class)
            .post("/sign-in/code", data={"mail": "Iris@proef.example", "code": wrong})
            .status_code
        )

    assert set(at_once(guess, 6)) == {422}
    assert guess(0) == 422
    answer = Client(real_app, real_app.response_class).post(
        "/sign-in/code", data={"mail": "Iris@proef.example", "code": code}
    )
    assert answer.status_code == 422


def test_two_administrators_cannot_demote_each_other(real_app: Flask) -> None:
    def demote(n: int) -> bool:
        with real_app.app_context():
            try:
                with transaction():
                    me, other = db.session.get(Person, n + 1), db.session.get(Person, 2 - n)
                    if me.is_admin:  # as the endpoint checks
                        actions.demote(access.SYSTEM, other)
            except Conflict:
                return False
            return True

    at_once(demote, 2)
    with real_app.app_context():
        assert len(list(db.session.scalars(select(Person.id).where(Person.is_admin)))) == 1


def test_ten_concurrent_guesses_count_as_ten(real_app: Flask) -> None:
    def guess(_n: int) -> int:
        return (
            Client(real_app, real_app.response_class)
            .post("/sign-in/password", data={"mail": "Iris@proef.example", "password": "gok"})
            .status_code
        )

    statuses = at_once(guess, 14)
    assert sorted(statuses) == [422] * 10 + [429] * 4
