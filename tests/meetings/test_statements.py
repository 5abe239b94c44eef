"""The pages of meetings take the same few statements, however many people are invited and meetings are listed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from cop.base import clock
from cop.base.action import transaction
from cop.base.db import db
from cop.meetings import actions
from cop.meetings.models import Invitee
from cop.society.memberships import Membership
from cop.society.people import Person
from cop.society.programmes import Community
from tests.meetings.conftest import HOUR, START

MOST = 12


@pytest.fixture
def crowd(app: Any, cast: Any, meeting: Any) -> None:
    """500 people more who are invited to the meeting; a third comes, a third waits."""
    with app.app_context(), transaction():
        people = [
            {"mail": f"lid{n}@proef.example", "name": f"Lid {n}", "state": "active", "entered": clock.now()}
            for n in range(500)
        ]
        ids = db.session.scalars(insert(Person).returning(Person.id), people).all()
        db.session.execute(
            insert(Membership), [{"person_id": id, "community_id": cast.one, "role": "member"} for id in ids]
        )
        nothing = {"remark": "", "diet": "", "access_needs": "", "answered_sequence": 0, "has_item": True}
        answers = ("yes", "waiting", "")
        db.session.execute(
            insert(Invitee),
            [
                {
                    "meeting_id": meeting.id,
                    "person_id": id,
                    "answer": answers[number % 3],
                    "place": number if number % 3 == 1 else None,
                    **nothing,
                }
                for number, id in enumerate(ids)
            ],
        )


@pytest.fixture
def many(app: Any, cast: Any) -> None:
    """60 announced meetings of the first community."""
    with app.app_context(), transaction():
        eva, one = db.session.get_one(Person, cast.eva), db.session.get_one(Community, cast.one)
        for n in range(60):
            begin = START + timedelta(days=n)
            made = actions.plan(eva, one, title=f"Dag {n}", kind="other", starts=begin, ends=begin + HOUR)
            made.status, made.state, made.stamp = "announced", "live", clock.now()


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_a_meeting_with_five_hundred_invitees(
    meeting: Any, crowd: None, cast: Any, count_statements: Any, accept: str
) -> None:
    client = cast.client(None)
    for who in ("anna", "eva"):
        client.get("/meetings", headers={**cast.api(who), "Accept": "text/html"})  # who they are is known from any page
        with count_statements() as statements:
            shown = client.get(meeting.url, headers={**cast.api(who), "Accept": accept})
        assert shown.status_code == 200
        assert len(statements) <= MOST, "\n".join(statements)
    with count_statements() as statements:
        listed = client.get(f"{meeting.url}/answers", headers={**cast.api("eva"), "Accept": accept})
    assert "Lid 499" in listed.text
    assert len(statements) <= MOST, "\n".join(statements)


@pytest.mark.parametrize("path", ["/meetings", "/communities/een/meetings", "/programmes/proef/meetings"])
def test_lists(meeting: Any, many: None, cast: Any, count_statements: Any, path: str) -> None:
    for who in ("anna", "eva", "fons"):
        with count_statements() as statements:
            shown = cast.client(None).get(path, headers={**cast.api(who), "Accept": "text/html"})
        assert shown.status_code == 200
        assert len(statements) <= MOST, "\n".join(statements)
