"""People who write and adopt guidance at the same moment, on a real database with real commits."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import func, select

from cop.base import clock, text
from cop.base.action import transaction
from cop.base.db import db
from cop.guidance import actions
from cop.guidance.models import Card, CardSource, CardVersion, sections_of
from cop.society.credentials import new_session
from cop.society.memberships import Membership
from cop.society.people import Person
from cop.society.programmes import Community, Programme
from cop.things import ThingLink
from cop.threads import actions as threads
from tests.conftest import Client, SeparateApp

THREADS = 6


def test_one_text_one_source_and_one_version(separate_app: SeparateApp, tmp_path: Any) -> None:
    """Six save a section at once: one wins. They take a source: it is there once. They adopt: there is one version."""
    with separate_app("guidance_races", tmp_path) as app:
        with app.app_context(), transaction():
            programme = Programme(slug="proef", name="Proef")
            db.session.add(programme)
            db.session.flush()
            community = Community(programme_id=programme.id, slug="een", name="Een")
            people = [
                Person(mail=f"p{n}@proef.example", name=f"P {n}", state="active", entered=clock.now())
                for n in range(THREADS)
            ]
            db.session.add_all([community, *people])
            db.session.flush()
            for person in people:
                db.session.add(Membership(person_id=person.id, community_id=community.id, role="moderator"))
            db.session.flush()
            words = text.render("Zo.", "markdown")
            thread = threads.start(people[0], community, kind="experience", title="Vol", text=words).id
            card = actions.draft(people[0], community, title="Samen").id
            cookies = [new_session(person) for person in people]

        def send(number: int, url: str, **given: str) -> int:
            browser = Client(app, app.response_class)
            browser.set_cookie("cop", cookies[number])
            return browser.post(url, data=given).status_code

        def at_once(url: str, **given: str) -> list[int]:
            def one(number: int) -> int:
                return send(number, url, **{name: value.format(n=number) for name, value in given.items()})

            with ThreadPoolExecutor(THREADS) as pool:
                return sorted(pool.map(one, range(THREADS)))

        url = f"/guidance/{card}"
        assert at_once(url, works="Van {n}.", works_base="1") == [303] + [409] * (THREADS - 1)
        assert at_once(f"/things/{thread}/guidance", card=str(card)) == [303] * THREADS
        assert send(0, f"{url}/review") == 303
        assert send(1, f"{url}/advice", advice="approved") == 303
        assert at_once(f"{url}/adoption") == [303] + [409] * (THREADS - 1)
        with app.app_context():
            assert sections_of(card)["works"].version == 2
            for model in (CardSource, CardVersion):
                assert db.session.scalar(select(func.count()).select_from(model)) == 1
            assert db.session.scalar(select(func.count()).where(ThingLink.kind == "guidance")) == 1
            assert db.session.get_one(Card, card).number == 1
