"""Many who sign up at the same moment, on a real database with real commits: every seat is taken once, in order."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from cop.base import clock
from cop.base.action import transaction
from cop.base.db import db
from cop.meetings import actions
from cop.meetings.models import Invitee, Meeting, answer_token
from cop.society.credentials import new_session
from cop.society.memberships import Membership, TeamMember
from cop.society.people import Person
from cop.society.programmes import Community, Programme
from tests.conftest import Client, SeparateApp

PEOPLE, SEATS, THREADS = 60, 25, 12


@pytest.fixture
def crowd(separate_app: SeparateApp, tmp_path: Any) -> Iterator[tuple[Flask, int, list[str], list[str]]]:
    """Return a separate app with an announced meeting, and the cookies and mailed links of everybody invited."""
    with separate_app("meeting_races", tmp_path) as app:
        with app.app_context(), transaction():
            programme = Programme(slug="proef", name="Proef")
            db.session.add(programme)
            db.session.flush()
            community = Community(programme_id=programme.id, slug="een", name="Een")
            people = [
                Person(mail=f"p{n}@proef.example", name=f"Persoon {n}", state="active", entered=clock.now())
                for n in range(PEOPLE)
            ]
            db.session.add_all([community, *people])
            db.session.flush()
            for person in people:
                db.session.add(Membership(person_id=person.id, community_id=community.id, role="member"))
            db.session.add(TeamMember(programme_id=programme.id, person_id=people[0].id))
            db.session.flush()
            starts = clock.now() + timedelta(days=30)
            meeting = actions.plan(
                people[0],
                community,
                title="Vol",
                kind="thematic",
                starts=starts,
                ends=starts + timedelta(hours=2),
                capacity=SEATS,
            )
            actions.announce(people[0], meeting)
            cookies = [new_session(person) for person in people]
            links = [f"/rsvp/{answer_token(meeting.id, person.id)}" for person in people]
            id = meeting.id
        yield app, id, cookies, links


def test_exactly_the_seats_are_taken(crowd: tuple[Flask, int, list[str], list[str]]) -> None:
    """Half answer on the page and half by the link in their mail; then seats are given back and taken at once."""
    app, id, cookies, links = crowd

    def say(n: int, given: str = "yes") -> int:
        browser = Client(app, app.response_class)
        if n % 2:
            return browser.post(links[n], data={"answer": given}).status_code
        browser.set_cookie("cop", cookies[n])
        return browser.post(f"/meetings/{id}/answer", data={"answer": given}).status_code

    with ThreadPoolExecutor(THREADS) as pool:
        assert set(pool.map(say, range(PEOPLE))) == {303}
    _check(app, id, PEOPLE)
    with app.app_context():
        coming = [row.person_id for row in _rows(id) if row.answer == "yes"]
        order = [row.person_id for row in sorted(_rows(id), key=lambda row: row.place or 0) if row.answer == "waiting"]
        first = min(row.person_id for row in _rows(id))
    leaving = [person - first for person in coming[:10]]
    with ThreadPoolExecutor(THREADS) as pool:
        assert set(pool.map(lambda n: say(n, "no"), leaving)) == {303}
    rows = _check(app, id, PEOPLE - len(leaving))
    assert {row.person_id for row in rows if row.answer == "yes"} == {*coming[10:], *order[:10]}, "first in, first out"


def test_offered_seats_are_taken_by_those_who_were_asked(crowd: tuple[Flask, int, list[str], list[str]]) -> None:
    """On the day before, ten give their seat back at once; then everybody who waits says yes at once."""
    app, id, _cookies, links = crowd

    def say(n: int, given: str = "yes") -> int:
        return Client(app, app.response_class).post(links[n], data={"answer": given}).status_code

    with ThreadPoolExecutor(THREADS) as pool:
        assert set(pool.map(say, range(PEOPLE))) == {303}
    with app.app_context(), transaction():
        db.session.get_one(Meeting, id).starts = clock.now() + timedelta(hours=20)
    with app.app_context():
        first = min(row.person_id for row in _rows(id))
        coming = [row.person_id for row in _rows(id) if row.answer == "yes"]
        order = [row.person_id for row in sorted(_rows(id), key=lambda row: row.place or 0) if row.answer == "waiting"]
    with ThreadPoolExecutor(THREADS) as pool:
        assert set(pool.map(lambda person: say(person - first, "no"), coming[:10])) == {303}
    with app.app_context():
        assert {row.person_id for row in _rows(id) if row.is_offered} == set(order[:10]), "asked in order, each once"
        assert sum(row.answer == "yes" for row in _rows(id)) == SEATS - 10
        db.session.expunge_all()
    with ThreadPoolExecutor(THREADS) as pool:
        assert set(pool.map(lambda person: say(person - first), reversed(order))) == {303}
    rows = _check(app, id, PEOPLE - 10)
    assert {row.person_id for row in rows if row.answer == "yes"} == {*coming[10:], *order[:10]}


def _rows(id: int) -> list[Invitee]:
    return list(db.session.scalars(select(Invitee).where(Invitee.meeting_id == id)))


def _check(app: Flask, id: int, wanted: int) -> list[Invitee]:
    with app.app_context():
        rows = _rows(id)
        db.session.expunge_all()
    waiting = [row.place for row in rows if row.answer == "waiting"]
    assert sum(row.answer == "yes" for row in rows) == SEATS
    assert len(waiting) == len(set(waiting)) == wanted - SEATS
    return rows
