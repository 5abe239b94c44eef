"""A meeting of the first community that was held: Anna, Bram and Gerda were there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import insert, select

from cop.attendance.models import Attendance
from cop.base import clock, jobs
from cop.base.action import transaction
from cop.base.db import db
from cop.base.email import Email
from cop.meetings import actions as meetings
from cop.meetings.models import Meeting
from cop.pulse import actions
from cop.pulse.models import answer_token
from cop.society.memberships import Membership
from cop.society.people import Person
from cop.society.programmes import Community
from tests.conftest import go_to

START = datetime(2027, 3, 25, 8, 30, tzinfo=UTC)  # a Thursday before Easter: Good Friday and Easter Monday follow
ENDS = START + timedelta(hours=6)
TUESDAY = datetime(2027, 3, 30, 7, 0, tzinfo=UTC)  # 9.00 in Amsterdam, in summer time
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def meeting(app: Any, cast: Any) -> SimpleNamespace:
    """A meeting that was held an hour ago, with its id and addresses."""
    go_to(ENDS + HOUR)
    given: dict[str, Any] = {"title": "Plaats maken", "kind": "thematic", "starts": START, "ends": ENDS}
    with app.app_context(), transaction():
        eva, one = db.session.get_one(Person, cast.eva), db.session.get_one(Community, cast.one)
        made: Meeting = meetings.plan(eva, one, venue="Raadhuis", host="Gemeente Proefdam", **given)
        made.status, made.state, made.stamp = "held", "live", START - DAY
        id = made.id
    return SimpleNamespace(id=id, url=f"/meetings/{id}", api=f"/api/v1/meetings/{id}", pulse=f"/meetings/{id}/pulse")


@pytest.fixture
def note(app: Any, cast: Any, meeting: SimpleNamespace) -> Any:
    """`note('absent', 'anna')`: keep that people were at the meeting, or were not."""

    def noted(state: str, *people: str) -> None:
        rows = [{"meeting_id": meeting.id, "person_id": getattr(cast, who)} for who in people]
        more = {"day": START.date(), "state": state, "at": START, "marked_by": cast.eva}
        with app.app_context(), transaction():
            db.session.execute(insert(Attendance), [row | more for row in rows])

    return noted


@pytest.fixture
def held(meeting: SimpleNamespace, note: Any) -> SimpleNamespace:
    """The meeting, at which Anna, Bram and Gerda were; Dina was expected."""
    note("present", "anna", "bram")
    note("late", "gerda")
    note("absent", "dina")
    return meeting


@pytest.fixture
def asked(held: SimpleNamespace, run_as: Any) -> SimpleNamespace:
    """The meeting, after which the questions were sent."""
    run_as("eva", actions.ask, Meeting, held.id)
    return held


@pytest.fixture
def crowd(app: Any, cast: Any, held: SimpleNamespace, note: Any) -> list[str]:
    """Ten people more who were at the meeting, by the name that `cast` knows them by."""
    names = [f"lid{n}" for n in range(10)]
    with app.app_context(), transaction():
        people = [
            {"mail": f"{name}@proef.example", "name": name.title(), "state": "active", "entered": clock.now()}
            for name in names
        ]
        ids = db.session.scalars(insert(Person).returning(Person.id, sort_by_parameter_order=True), people).all()
        row = {"community_id": cast.one, "role": "member"}
        db.session.execute(insert(Membership), [{"person_id": id, **row} for id in ids])
    for name, id in zip(names, ids, strict=True):
        setattr(cast, name, id)
    note("present", *names)
    return names


@pytest.fixture
def say(run_as: Any, asked: SimpleNamespace) -> Any:
    """`say('yes', 'anna', takes='…')`: answer the questions as each of these people."""

    def said(useful: str, *people: str, **given: Any) -> None:
        for who in people:
            run_as(who, actions.answer, Meeting, asked.id, useful=useful, **given)

    return said


@pytest.fixture
def link(app: Any, cast: Any, held: SimpleNamespace) -> Any:
    """`link('anna')`: the address in the mail to somebody."""

    def address(who: str) -> str:
        with app.app_context():
            return f"/pulse/{answer_token(held.id, getattr(cast, who))}"

    return address


@pytest.fixture
def run_job(app: Any) -> Any:
    """`run_job('pulse.ask', at)`: run a job as at a moment."""

    def run(name: str, at: datetime) -> None:
        go_to(at)
        with app.app_context():
            jobs.JOBS[name]()

    return run


@pytest.fixture
def mailed(app: Any) -> Any:
    """Return a function that names who got the questions by mail."""

    def people() -> list[str]:
        with app.app_context():
            found: Iterable[str] = db.session.scalars(
                select(Email.address).where(Email.kind == "pulse/asked").order_by(Email.id)
            )
            return [address.partition("@")[0] for address in found]

    return people
