"""Many who sign up at the same moment, on a real database with real commits: every seat is taken once, in order."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random
from typing import Any, NamedTuple

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

PEOPLE, SEATS, THREADS, ROUNDS = 60, 25, 12, 5


class Crowd(NamedTuple):
    """A separate app with sixty people in a community, by their ids, and the cookies of their sessions."""

    app: Flask
    people: list[int]
    cookies: list[str]

    def invited(self) -> tuple[int, list[str]]:
        """Announce a meeting; return its id and the mailed links of everybody."""
        with self.app.app_context(), transaction():
            planner, community = db.session.get_one(Person, self.people[0]), db.session.scalars(select(Community)).one()
            starts = clock.now() + timedelta(days=30)
            given: dict[str, Any] = {"title": "Vol", "kind": "thematic", "capacity": SEATS}
            meeting = actions.plan(planner, community, starts=starts, ends=starts + timedelta(hours=2), **given)
            actions.announce(planner, meeting)
            return meeting.id, [f"/rsvp/{answer_token(meeting.id, person)}" for person in self.people]

    def say(self, address: str, cookie: str | None = None, given: str = "yes") -> int:
        """Answer on a page, or without a cookie by a link; return the status."""
        browser = Client(self.app, self.app.response_class)
        if cookie:
            browser.set_cookie("cop", cookie)
        return browser.post(address, data={"answer": given}).status_code


@pytest.fixture
def crowd(separate_app: SeparateApp, tmp_path: Any) -> Iterator[Crowd]:
    """The people who want a seat."""
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
            cookies = [new_session(person) for person in people]
            ids = [person.id for person in people]
        yield Crowd(app, ids, cookies)


def test_exactly_the_seats_are_taken(crowd: Crowd) -> None:
    """Half answer on the page and half by the link in their mail; then seats are given back and taken at once.

    In five rounds, each with the halves the other way round and another order of those who answer.
    """
    for number in range(ROUNDS):
        id, links = crowd.invited()
        order = list(range(PEOPLE))
        Random(number).shuffle(order)
        _round(crowd, id, links, order, number % 2)


def _round(crowd: Crowd, id: int, links: list[str], order: list[int], by_link: int) -> None:
    def say(n: int, given: str = "yes") -> int:
        if n % 2 == by_link:
            return crowd.say(links[n], given=given)
        return crowd.say(f"/meetings/{id}/answer", crowd.cookies[n], given)

    with ThreadPoolExecutor(THREADS) as pool:
        assert set(pool.map(say, order)) == {303}
    rows = _check(crowd.app, id, PEOPLE)
    coming = [row.person_id for row in rows if row.answer == "yes"]
    waiting = [row.person_id for row in sorted(rows, key=lambda row: row.place or 0) if row.answer == "waiting"]
    leaving = [crowd.people.index(person) for person in coming[:10]]
    with ThreadPoolExecutor(THREADS) as pool:
        assert set(pool.map(lambda n: say(n, "no"), leaving)) == {303}
    rows = _check(crowd.app, id, PEOPLE - len(leaving))
    assert {row.person_id for row in rows if row.answer == "yes"} == {*coming[10:], *waiting[:10]}, (
        "first in, first out"
    )


def test_offered_seats_are_taken_by_those_who_were_asked(crowd: Crowd) -> None:
    """On the day before, ten give their seat back at once; then everybody who waits says yes at once."""
    app, (id, links) = crowd.app, crowd.invited()

    def say(person: int, given: str = "yes") -> int:
        return crowd.say(links[crowd.people.index(person)], given=given)

    with ThreadPoolExecutor(THREADS) as pool:
        assert set(pool.map(say, crowd.people)) == {303}
    with app.app_context(), transaction():
        db.session.get_one(Meeting, id).starts = clock.now() + timedelta(hours=20)
    with app.app_context():
        coming = [row.person_id for row in _rows(id) if row.answer == "yes"]
        order = [row.person_id for row in sorted(_rows(id), key=lambda row: row.place or 0) if row.answer == "waiting"]
    with ThreadPoolExecutor(THREADS) as pool:
        assert set(pool.map(lambda person: say(person, "no"), coming[:10])) == {303}
    with app.app_context():
        assert {row.person_id for row in _rows(id) if row.is_offered} == set(order[:10]), "asked in order, each once"
        assert sum(row.answer == "yes" for row in _rows(id)) == SEATS - 10
        db.session.expunge_all()
    with ThreadPoolExecutor(THREADS) as pool:
        assert set(pool.map(say, reversed(order))) == {303}
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
