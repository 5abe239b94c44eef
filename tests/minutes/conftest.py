"""A meeting of the first community on the day itself; Anna and Bram said that they would come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from cop.base import clock
from cop.base.action import transaction
from cop.base.db import db
from cop.meetings import actions as meetings
from cop.meetings.models import Meeting
from cop.minutes import actions
from cop.minutes.models import blocks_of
from cop.society.people import Person
from cop.society.programmes import Community
from tests.conftest import go_to

START = (datetime.now(UTC) + timedelta(days=5)).replace(hour=8, minute=30, second=0, microsecond=0)


@pytest.fixture(autouse=True)
def on_the_day() -> Iterator[None]:
    """Plan weeks before; the fixtures go to the day."""
    go_to(START - timedelta(days=4))
    yield
    clock.shift(timedelta(0))


@pytest.fixture
def announce(app: Any, cast: Any) -> Any:
    """`announce('fons', Programme, cast.programme)`: announce a meeting; return its id and addresses."""

    def announced(who: str = "eva", owner: Any = Community, id: int | None = None) -> SimpleNamespace:
        with app.app_context(), transaction():
            person, whose = db.session.get_one(Person, getattr(cast, who)), db.session.get_one(owner, id or cast.one)
            given: dict[str, Any] = {"kind": "thematic", "starts": START, "ends": START + timedelta(hours=6)}
            meeting = meetings.announce(person, meetings.plan(person, whose, title="Plaats maken", **given))
            return SimpleNamespace(id=meeting.id, url=f"/meetings/{meeting.id}", api=f"/api/v1/meetings/{meeting.id}")

    return announced


@pytest.fixture
def meeting(announce: Any, app: Any, cast: Any) -> SimpleNamespace:
    """The meeting, on its day."""
    found: SimpleNamespace = announce()
    with app.app_context(), transaction():
        for who in ("anna", "bram"):
            meetings.rsvp(
                db.session.get_one(Person, getattr(cast, who)), db.session.get_one(Meeting, found.id), answer="yes"
            )
    go_to(START)
    return found


@pytest.fixture
def minutes(meeting: SimpleNamespace, run_as: Any, app: Any) -> SimpleNamespace:
    """The minutes, begun by Eva; `blocks` has the ids of their blocks."""
    run_as("eva", actions.begin, Meeting, meeting.id)
    with app.app_context():
        ids = [block.id for block in blocks_of(meeting.id)]
    return SimpleNamespace(
        id=meeting.id, url=f"{meeting.url}/minutes", api=f"{meeting.api}/minutes", meeting=meeting, blocks=ids
    )


@pytest.fixture
def save(ask: Any) -> Any:
    """`save('eva', block, 'Een tekst', base=1)`: save the text of a block over the API."""

    def saved(who: str, block: int, body: str, base: int, **given: Any) -> Any:
        given = {"title": "Intervisie", "client_id": str(uuid4()), **given}
        return ask(who, "patch", f"/api/v1/minutes/blocks/{block}", body=body, base_version=base, **given)

    return saved
