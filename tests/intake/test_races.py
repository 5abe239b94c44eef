"""Simultaneous deciding, submitting and withdrawing over HTTP, on a real database with real commits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from flask import Flask
from sqlalchemy import func, select

from cop.base import clock
from cop.base.action import transaction
from cop.base.db import db
from cop.base.email import Email
from cop.base.questionnaires import Snapshot
from cop.intake.models import Application, Call, Decision
from cop.society.credentials import new_session
from cop.society.memberships import TeamMember
from cop.society.people import Person
from cop.society.programmes import Community, Programme
from tests.conftest import Client, SeparateApp
from tests.intake.conftest import COMPLETE, Applicant, make_call, submitted

ROUNDS = 5


class Races(NamedTuple):
    """A separate app with a programme, and the cookie of its team."""

    app: Flask
    programme: int
    person: int
    cookie: str

    def call(self, cap: int, title: str) -> str:
        """Add an open call."""
        with self.app.app_context():
            return make_call(self.programme, self.person, cap, title)

    def at_once(self, requests: list[Callable[[Client], Any]], cookie: str = "") -> list[int]:
        """Return the statuses of simultaneous requests."""

        def run(ask: Callable[[Client], Any]) -> int:
            browser = Client(self.app, self.app.response_class)
            browser.set_cookie("cop", cookie or self.cookie)
            return int(ask(browser).status_code)

        with ThreadPoolExecutor(len(requests)) as pool:
            return list(pool.map(run, requests))


@pytest.fixture
def races(separate_app: SeparateApp, tmp_path: Any) -> Iterator[Races]:
    with separate_app("intake", tmp_path, rate_limits="off") as app:
        with app.app_context(), transaction():
            programme = Programme(slug="proef", name="Proef")
            person = Person(mail="fons@proef.example", name="Fons", state="active", entered=clock.now())
            db.session.add_all([programme, person])
            db.session.flush()
            db.session.add(Community(programme_id=programme.id, slug="een", name="Een"))
            db.session.add(TeamMember(person_id=person.id, programme_id=programme.id))
            cookie = new_session(person)
            given = programme.id, person.id
        yield Races(app, *given, cookie)
        clock.shift(timedelta(0))


def propose(reference: str, outcome: str = "admit") -> Callable[[Client], Any]:
    return lambda browser: browser.post(f"/applications/{reference}/decision", data={"outcome": outcome})


def test_forty_admissions_fill_ten_places(races: Races) -> None:
    for n in range(ROUNDS):
        slug = races.call(10, f"Ronde {n}")
        with races.app.app_context(), transaction():
            call = db.session.scalars(select(Call).where(Call.slug == slug)).one()
            references = [submitted(call).reference for _n in range(40)]
        assert Counter(races.at_once([propose(one) for one in references])) == {303: 10, 409: 30}
        with races.app.app_context():
            call = db.session.scalars(select(Call).where(Call.slug == slug)).one()
            here = (
                select(func.count()).select_from(Decision).join(Application, Application.id == Decision.application_id)
            )
            admitted = here.where(Application.call_id == call.id, Decision.outcome == "admit", Decision.holds_place)
            assert (call.admitted, db.session.scalar(admitted)) == (10, 10)


def test_twenty_clicks_on_one_application_take_one_place(races: Races) -> None:
    slug = races.call(10, "Klikken")
    with races.app.app_context(), transaction():
        reference = submitted(db.session.scalars(select(Call).where(Call.slug == slug)).one()).reference
    assert Counter(races.at_once([propose(reference)] * 20)) == {303: 20}
    with races.app.app_context():
        assert db.session.scalars(select(Call.admitted).where(Call.slug == slug)).one() == 1
    assert Counter(races.at_once([propose(reference, "none")] * 20)) == {303: 20}
    with races.app.app_context():
        assert db.session.scalars(select(Call.admitted).where(Call.slug == slug)).one() == 0


def test_twenty_submissions_make_one_snapshot(races: Races) -> None:
    slug = races.call(10, "Indienen")
    for n in range(ROUNDS):
        lies = Applicant(races.app, slug, f"lies{n}@t.example").start()
        lies.save(COMPLETE)
        cookie = f"cop-application-{lies.reference}"
        secret = lies.browser.get_cookie(cookie).value  # type: ignore[union-attr]

        def submit(browser: Client, name: str = cookie, value: str = secret, url: str = lies.url) -> Any:
            browser.set_cookie(name, value)
            return browser.post(f"{url}/submission", data={"version": "1"})

        assert Counter(races.at_once([submit] * 20)) == {303: 20}
        with races.app.app_context():
            application = db.session.scalars(select(Application).where(Application.reference == lies.reference)).one()
            made = select(func.count()).where(Snapshot.answering_id == application.answering_id)
            receipts = select(func.count()).where(Email.kind == "intake/receipt", Email.address == lies.mail)
            assert (db.session.scalar(made), db.session.scalar(receipts)) == (1, 1)


def test_three_withdrawals_make_three_offers(races: Races) -> None:
    slug = races.call(3, "Reserve")
    with races.app.app_context(), transaction():
        call = db.session.scalars(select(Call).where(Call.slug == slug)).one()
        made = [submitted(call) for _n in range(8)]
        for rank, one in enumerate(made):
            decision = db.session.get_one(Decision, one.id)
            admits = rank < 3
            decision.outcome, decision.rank = ("admit", None) if admits else ("reserve", rank)
            decision.holds_place, one.outcome, one.announced = admits, decision.outcome, clock.now()
        call.admitted = 3
        from cop.intake.mailing import new_key

        keys = [(one.reference, new_key(one.contacts[0], "session", timedelta(days=1))[0]) for one in made[:3]]

    def withdraw(reference: str, secret: str) -> Callable[[Client], Any]:
        def run(browser: Client) -> Any:
            browser.set_cookie(f"cop-application-{reference}", secret)
            return browser.post(f"/applications/{reference}/submission/delete")

        return run

    assert Counter(races.at_once([withdraw(*key) for key in keys])) == {303: 3}
    with races.app.app_context():
        outcomes = list(db.session.scalars(select(Application.outcome).order_by(Application.id)))
        assert outcomes[3:] == ["offered", "offered", "offered", "reserve", "reserve"]
        assert db.session.scalars(select(Call.admitted).where(Call.slug == slug)).one() == 3


def test_two_acceptances_make_one_partnership(races: Races) -> None:
    slug = races.call(10, "Aannemen")
    lies = Applicant(races.app, slug, "lies@t.example").start().complete()
    with races.app.app_context(), transaction():
        application = db.session.scalars(select(Application).where(Application.reference == lies.reference)).one()
        application.outcome, application.announced = "admit", clock.now()
    given = {"name": "Duo", "matched": ["0", "0"], "communities": "een"}
    accept = lambda browser: browser.post(f"{lies.url}/acceptance", data=given)
    assert sorted(races.at_once([accept] * 4)) == [303, 409, 409, 409]


def test_deadline_holds_for_a_request_that_waits(races: Races) -> None:
    """What arrives before the deadline is in time however long it waits; a second later is not."""
    slug = races.call(10, "Sluiten")
    people = [Applicant(races.app, slug, f"d{n}@t.example").start() for n in range(2 * ROUNDS)]
    for one in people:
        one.save(COMPLETE)
    with races.app.app_context():
        closes = db.session.scalars(select(Call).where(Call.slug == slug)).one().closes
    for early, late in zip(people[:ROUNDS], people[ROUNDS:], strict=True):
        clock.shift(timedelta(0))
        clock.shift(closes - clock.now() - timedelta(seconds=1))  # type: ignore[operator]
        assert early.submit().status_code == 200
        clock.shift(clock._shift + timedelta(seconds=2))
        assert late.submit().status_code == 409
        assert late.api("GET").json["answers"]["b3"] == COMPLETE["b3"]
