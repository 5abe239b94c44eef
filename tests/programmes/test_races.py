"""Simultaneous changes of membership on a real database with real commits."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from cop.base import clock
from cop.base.action import transaction
from cop.base.db import db
from cop.society.credentials import new_session
from cop.society.memberships import Membership, TeamMember
from cop.society.people import Person
from cop.society.programmes import Community, Programme
from tests.conftest import Client, SeparateApp


@pytest.fixture
def real_app(separate_app: SeparateApp, tmp_path: Any) -> Iterator[tuple[Flask, list[str]]]:
    """Return a separate app with two moderators, who are also the programme team, and their cookies."""
    with separate_app("races", tmp_path) as app:
        with app.app_context(), transaction():
            programme = Programme(slug="proef", name="Proef")
            db.session.add(programme)
            db.session.flush()
            community = Community(programme_id=programme.id, slug="een", name="Een")
            people = [
                Person(mail=f"{name}@proef.example", name=name, state="active", entered=clock.now())
                for name in ("Eva", "Els")
            ]
            db.session.add_all([community, *people])
            db.session.flush()
            db.session.add_all(Membership(person_id=p.id, community_id=community.id, role="moderator") for p in people)
            db.session.add_all(TeamMember(person_id=p.id, programme_id=programme.id) for p in people)
            cookies = [new_session(person) for person in people]
        yield app, cookies


def at_once(app: Flask, cookies: list[str], path: str) -> list[int]:
    """Return the statuses of both for simultaneous requests of `path` about themselves (`{id}`)."""

    def ask(n: int) -> int:
        browser = Client(app, app.response_class)
        browser.set_cookie("cop", cookies[n])
        return browser.post(path.format(id=n + 1)).status_code

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(ask, range(2)))


def test_two_moderators_cannot_both_leave(real_app: tuple[Flask, list[str]]) -> None:
    app, cookies = real_app
    assert at_once(app, cookies, "/communities/een/members/{id}/delete") == [303, 422]
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(Membership.ended.is_(None))) == 1


def test_two_team_members_cannot_both_leave(real_app: tuple[Flask, list[str]]) -> None:
    app, cookies = real_app
    assert at_once(app, cookies, "/programmes/proef/team/{id}/delete") == [303, 422]
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(TeamMember)) == 1


def test_two_invitations_of_one_person(real_app: tuple[Flask, list[str]]) -> None:
    app, cookies = real_app

    def ask(n: int) -> int:
        browser = Client(app, app.response_class)
        browser.set_cookie("cop", cookies[n])
        return browser.post("/communities/een/members", data={"mail": "nieuw@proef.example"}).status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(ask, range(2))) == [303, 422]
    with app.app_context():
        assert db.session.scalar(select(func.count()).where(Person.mail == "nieuw@proef.example")) == 1
