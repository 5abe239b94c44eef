"""Many who answer at the same moment, on a real database with real commits: everybody has one answer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from cop.base import clock
from cop.base.action import transaction
from cop.base.db import db
from cop.meeting_rooms import actions
from cop.meeting_rooms.models import MeetingRoom, MeetingRound, RoundAnswer
from cop.meetings.models import Meeting
from cop.society.people import Person
from tests.conftest import Client
from tests.meetings.test_races import THREADS, crowd

__all__ = ["crowd"]
PEOPLE = 30


def test_one_answer_each(crowd: Any) -> None:
    """Thirty people send two answers each at once; six coaches open the room and start a round at once."""
    app, cookies, (id, _links) = crowd.app, crowd.cookies, crowd.invited()
    with app.app_context(), transaction():
        meeting = db.session.get_one(Meeting, id)
        meeting.starts, meeting.ends = clock.now(), clock.now() + timedelta(hours=2)
        first = db.session.scalars(select(Person).order_by(Person.id)).first()
        round = actions.start(first, meeting, prompt="Wat neemt u mee?").id

    def send(number: int, url: str, **given: str) -> int:
        browser = Client(app, app.response_class)
        browser.set_cookie("cop", cookies[number])
        return browser.post(url, data=given).status_code

    with ThreadPoolExecutor(THREADS) as pool:
        answered = pool.map(lambda n: send(n % PEOPLE, f"/rounds/{round}/answer", text=f"Tekst {n}"), range(2 * PEOPLE))
        assert set(answered) == {303}
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(RoundAnswer)) == PEOPLE
        assert db.session.get_one(MeetingRound, round).version == 1 + 2 * PEOPLE
    assert send(0, f"/rounds/{round}/closure") == 303
    with ThreadPoolExecutor(THREADS) as pool:
        assert set(pool.map(lambda _n: send(0, f"/meetings/{id}/room"), range(6))) == {303}
        started = pool.map(lambda _n: send(0, f"/meetings/{id}/rounds", prompt="En?"), range(6))
        assert sorted(started) == [303, *[409] * 5]
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(MeetingRoom)) == 1
