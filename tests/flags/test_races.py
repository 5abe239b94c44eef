"""Two moderators who decide and many who flag at the same moment, on a real database with real commits."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import func, select

from cop.base import clock, text
from cop.base.action import transaction
from cop.base.db import db
from cop.base.journal import JournalEntry
from cop.flags.models import Flag, FlagCase
from cop.notices.models import Notice
from cop.society.credentials import new_session
from cop.society.memberships import Membership
from cop.society.people import Person
from cop.society.programmes import Community, Programme
from cop.threads import actions as threads
from cop.threads.models import Post
from tests.conftest import Client, SeparateApp

PEOPLE, THREADS = 12, 8


def test_one_case_and_one_decision(separate_app: SeparateApp, tmp_path: Any) -> None:
    """Ten flag a post at once, each twice; then two moderators decide at once: one wins, and the other is told."""
    with separate_app("flag_races", tmp_path) as app:
        with app.app_context(), transaction():
            programme = Programme(slug="proef", name="Proef")
            db.session.add(programme)
            db.session.flush()
            community = Community(programme_id=programme.id, slug="een", name="Een")
            people = [
                Person(mail=f"p{n}@proef.example", name=f"P {n}", state="active", entered=clock.now())
                for n in range(PEOPLE)
            ]
            db.session.add_all(
                [
                    community,
                    *people,
                    writer := Person(mail="w@proef.example", name="W", state="active", entered=clock.now()),
                ]
            )
            db.session.flush()
            for number, person in enumerate([*people, writer]):
                role = "moderator" if number < 2 else "member"
                db.session.add(Membership(person_id=person.id, community_id=community.id, role=role))
            db.session.flush()
            thread = threads.start(
                writer, community, kind="experience", title="Vol", text=text.render("Zo.", "markdown")
            )
            post = db.session.scalars(select(Post.id).where(Post.parent_id == thread.id)).one()
            cookies = [new_session(person) for person in people]

        def send(number: int, url: str, **given: str) -> int:
            browser = Client(app, app.response_class)
            browser.set_cookie("cop", cookies[number])
            return browser.post(url, data=given).status_code

        flaggers = [*range(2, PEOPLE)] * 2
        with ThreadPoolExecutor(THREADS) as pool:
            codes = list(pool.map(lambda n: send(n, f"/things/{post}/flag", reason="rude"), flaggers))
        assert sorted(codes) == [303] * (PEOPLE - 2) + [409] * (PEOPLE - 2)
        with app.app_context():
            case = db.session.scalars(select(FlagCase.id)).one()
            assert db.session.scalar(select(func.count()).select_from(Flag)) == PEOPLE - 2
            assert db.session.scalar(select(func.count()).where(Notice.reason == "flag")) == 2
        url, how = f"/desk/{case}/ruling", ({"ruling": "settle"}, {"ruling": "hide", "reason": "Namen"})
        with ThreadPoolExecutor(THREADS) as pool:
            assert sorted(pool.map(lambda n: send(n, url, **how[n]), range(2))) == [303, 409]
        with app.app_context():
            ruled = db.session.scalar(select(func.count()).where(JournalEntry.verb == "rulings.make"))
            told = db.session.scalar(select(func.count()).where(Notice.reason.startswith("flag:")))
            assert (ruled, told) == (1, PEOPLE - 2)
