"""Many who vote at the same moment, on a real database with real commits: nobody gives more than their votes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import func, select

from cop.agenda import actions
from cop.agenda.models import AgendaBlock, MeetingQuestion, QuestionVote
from cop.base.action import transaction
from cop.base.db import db
from cop.meetings.models import Meeting
from cop.society.people import Person
from tests.conftest import Client
from tests.meetings.test_races import THREADS, crowd

__all__ = ["crowd"]
VOTERS, QUESTIONS = 4, 6


def test_the_limit_holds(crowd: Any) -> None:
    """Four people vote for six questions each at once, three votes a person; then two coaches change the programme."""
    app, cookies, (id, _links) = crowd.app, crowd.cookies, crowd.invited()
    with app.app_context(), transaction():
        meeting = db.session.get_one(Meeting, id)
        people = db.session.scalars(select(Person).order_by(Person.id)).all()
        questions = [actions.ask(people[10], meeting, text=f"Vraag {n}?").id for n in range(QUESTIONS)]

    def vote(number: int) -> int:
        browser = Client(app, app.response_class)
        browser.set_cookie("cop", cookies[number % VOTERS])
        return browser.post(f"/questions/{questions[number // VOTERS]}/vote").status_code

    with ThreadPoolExecutor(THREADS) as pool:
        given = list(pool.map(vote, range(VOTERS * QUESTIONS)))
    assert (given.count(303), given.count(409)) == (VOTERS * 3, VOTERS * (QUESTIONS - 3))
    with app.app_context():
        of_each = select(func.count()).select_from(QuestionVote).group_by(QuestionVote.person_id)
        assert list(db.session.scalars(of_each)) == [3] * VOTERS
        assert db.session.scalar(select(func.sum(MeetingQuestion.votes))) == VOTERS * 3

    def fill(_number: int) -> int:
        browser = Client(app, app.response_class)
        browser.set_cookie("cop", cookies[0])
        return browser.post(f"/meetings/{id}/usual-day").status_code

    with ThreadPoolExecutor(THREADS) as pool:
        assert sorted(pool.map(fill, range(6))) == [303, *[409] * 5]
    with app.app_context():
        positions = list(db.session.scalars(select(AgendaBlock.position)))
    assert sorted(positions) == [1, 2, 3, 4, 5]
