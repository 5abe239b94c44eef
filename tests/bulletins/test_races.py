"""Several coaches who send a bulletin at the same moment, on a real database with real commits: it is sent once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import func, select

from cop.base import clock
from cop.base.action import transaction
from cop.base.db import db
from cop.base.email import Email
from cop.bulletins import actions
from cop.bulletins.models import Bulletin
from cop.society.credentials import new_session
from cop.society.memberships import TeamMember
from cop.society.people import Person
from cop.society.programmes import Programme
from tests.conftest import Client, SeparateApp

TOGETHER = 5


def test_sending_at_once_sends_once(separate_app: SeparateApp, tmp_path: Any) -> None:
    with separate_app("bulletin_races", tmp_path) as app:
        with app.app_context(), transaction():
            programme = Programme(slug="proef", name="Proef")
            team = [
                Person(mail=f"p{n}@proef.example", name=f"Persoon {n}", state="active", entered=clock.now())
                for n in range(TOGETHER)
            ]
            db.session.add_all([programme, *team])
            db.session.flush()
            db.session.add_all(TeamMember(programme_id=programme.id, person_id=person.id) for person in team)
            db.session.flush()
            bulletin = actions.draft(team[0], programme)
            cookies, path, version = [new_session(one) for one in team], bulletin.url, bulletin.version

        def send(n: int) -> int:
            browser = Client(app, app.response_class)
            browser.set_cookie("cop", cookies[n])
            return browser.post(f"{path}/sending", data={"base_version": version}).status_code

        with ThreadPoolExecutor(TOGETHER) as pool:
            assert list(pool.map(send, range(TOGETHER))) == [303] * TOGETHER
        with app.app_context():
            mails = db.session.scalar(select(func.count()).where(Email.kind == "notices/bulletin"))
            assert mails == TOGETHER  # one for each of the team
            assert db.session.scalars(select(Bulletin.sent)).one() is not None
