"""Partners who answer and describe at the same moment, on a real database with real commits: nobody overwrites unseen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from cop.access import SYSTEM
from cop.base import clock
from cop.base.action import transaction
from cop.base.db import db
from cop.partnerships import actions
from cop.partnerships.models import ChallengeVersion, CheckIn, new_check_in_link, this_month
from cop.society.credentials import new_session
from cop.society.people import Person
from cop.society.programmes import Partnership, Programme
from tests.conftest import Client, SeparateApp

TOGETHER = 6


@pytest.fixture
def real_app(separate_app: SeparateApp, tmp_path: Any) -> Iterator[tuple[Flask, list[str], list[str]]]:
    """Return a separate app with a partnership, the cookies of its people and their links to its open check-in."""
    with separate_app("partner_races", tmp_path) as app:
        with app.app_context(), transaction():
            programme = Programme(slug="proef", name="Proef")
            db.session.add(programme)
            db.session.flush()
            people = [
                Person(mail=f"p{n}@proef.example", name=f"Persoon {n}", state="active", entered=clock.now())
                for n in range(TOGETHER)
            ]
            duo = Partnership(programme_id=programme.id, name="Duo", people=people)
            db.session.add(duo)
            db.session.flush()
            check_in = actions.open_month(SYSTEM, duo, month=this_month())
            cookies = [new_session(person) for person in people]
            links = [f"/check-in/{new_check_in_link(check_in, person)}" for person in people]
        yield app, cookies, links


def at_once(ask: Callable[[int], int]) -> list[int]:
    """Return the statuses of simultaneous requests."""
    with ThreadPoolExecutor(TOGETHER) as pool:
        return sorted(pool.map(ask, range(TOGETHER)))


def test_one_of_several_answers_from_the_mail_counts(real_app: tuple[Flask, list[str], list[str]]) -> None:
    app, _cookies, links = real_app

    def ask(n: int) -> int:
        given = {"standing": f"Antwoord {n}", "base_version": 0}
        return Client(app, app.response_class).post(links[n], data=given).status_code

    assert at_once(ask) == [303] + [409] * (TOGETHER - 1)
    with app.app_context():
        assert db.session.scalars(select(CheckIn.version)).all() == [1]


def test_one_of_several_descriptions_counts(real_app: tuple[Flask, list[str], list[str]]) -> None:
    app, cookies, _links = real_app

    def ask(n: int) -> int:
        browser = Client(app, app.response_class)
        browser.set_cookie("cop", cookies[n])
        return browser.post("/partnerships/1/challenge", data={"goal": f"Doel {n}", "base_version": 0}).status_code

    assert at_once(ask) == [303] + [409] * (TOGETHER - 1)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(ChallengeVersion)) == 1


def test_a_month_opens_once(real_app: tuple[Flask, list[str], list[str]]) -> None:
    app, _cookies, _links = real_app

    def ask(_n: int) -> int:
        with app.app_context():
            made = actions.open_month(SYSTEM, db.session.get_one(Partnership, 1), month=this_month())
            return made.id

    assert at_once(ask) == [1] * TOGETHER
