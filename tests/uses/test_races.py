"""The same use reported many times at once, on a real database with real commits: it stands once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import func, select

from cop.base import clock, jobs, text
from cop.base.action import transaction
from cop.base.db import db
from cop.base.email import Email
from cop.base.journal import JournalEntry
from cop.society.credentials import new_session
from cop.society.memberships import Membership
from cop.society.people import Person
from cop.society.programmes import Community, Programme
from cop.threads import actions as threads
from cop.threads.models import Post
from cop.uses.models import ThingUse
from tests.conftest import Client, SeparateApp

THREADS = 8


def test_one_use_and_one_mail(separate_app: SeparateApp, tmp_path: Any) -> None:
    with separate_app("use_races", tmp_path) as app:
        with app.app_context(), transaction():
            programme = Programme(slug="proef", name="Proef")
            db.session.add(programme)
            db.session.flush()
            community = Community(programme_id=programme.id, slug="een", name="Een")
            people = [
                Person(mail=f"p{n}@proef.example", name=f"P {n}", state="active", entered=clock.now()) for n in range(2)
            ]
            db.session.add_all([community, *people])
            db.session.flush()
            for person in people:
                db.session.add(Membership(person_id=person.id, community_id=community.id, role="member"))
            db.session.flush()
            thread = threads.start(
                people[0], community, kind="experience", title="Vol", text=text.render("Zo.", "markdown")
            )
            post = db.session.scalars(select(Post.id).where(Post.parent_id == thread.id)).one()
            cookie = new_session(people[1])

        def send(url: str, **given: str) -> int:
            browser = Client(app, app.response_class)
            browser.set_cookie("cop", cookie)
            return browser.post(url, data=given).status_code

        with ThreadPoolExecutor(THREADS) as pool:
            codes = list(pool.map(lambda n: send(f"/things/{post}/uses", purpose=f"Keer {n}"), range(THREADS)))
        assert sorted(codes) == [303] + [409] * (THREADS - 1)
        with app.app_context():
            use = db.session.scalars(select(ThingUse.id)).one()
        with ThreadPoolExecutor(THREADS) as pool:
            codes = list(pool.map(lambda _n: send(f"/uses/{use}/outcome", outcome="solved"), range(THREADS)))
        assert codes == [303] * THREADS

        def tell(_number: int) -> None:
            with app.app_context():
                jobs.JOBS["uses.tell"]()

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(tell, range(4)))
        with app.app_context():
            assert db.session.scalar(select(func.count()).where(JournalEntry.verb == "uses.report")) == 1
            assert db.session.scalar(select(func.count()).where(Email.kind == "uses/told")) == 1
