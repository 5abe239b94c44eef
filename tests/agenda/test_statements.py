"""The pages of a meeting take the same few statements, however many people are invited and questions are asked."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert

from cop.agenda.models import MeetingQuestion, QuestionVote
from cop.base import clock
from cop.base.action import transaction
from cop.base.db import db
from tests.meetings.test_statements import MOST, crowd

__all__ = ["crowd"]  # 500 people who are invited
ADDED = 3  # statements of the agenda on the page of a meeting, for who prepares it


@pytest.fixture
def asked(app: Any, cast: Any, meeting: Any, block: Any) -> None:
    """200 questions on ten blocks, each with a vote of Bram's."""
    blocks = [block(30)["id"] for _n in range(10)]
    with app.app_context(), transaction():
        rows = [
            {
                "meeting_id": meeting.id,
                "person_id": cast.anna if n % 2 else cast.dina,
                "kind": "question",
                "text": f"Vraag {n}?",
                "made": clock.now(),
                "votes": 1,
                "block_id": blocks[n % 10] if n < 30 else None,
                "reason": "",
            }
            for n in range(200)
        ]
        ids = db.session.scalars(insert(MeetingQuestion).returning(MeetingQuestion.id), rows).all()
        db.session.execute(insert(QuestionVote), [{"question_id": id, "person_id": cast.bram} for id in ids])


def test_few_statements(meeting: Any, crowd: None, asked: None, cast: Any, count_statements: Any) -> None:
    client = cast.client(None)
    for who in ("anna", "bram", "eva", "fons"):
        client.get("/meetings", headers={**cast.api(who), "Accept": "text/html"})  # who they are is known from any page
        for path in ("", "/agenda", "/questions", "/participants", "/preparation"):
            if path == "/preparation" and who in ("anna", "bram"):
                continue
            for accept in ("text/html", "application/json"):
                headers = {**cast.api(who), "Accept": accept}
                with count_statements() as statements:
                    shown = client.get(meeting.url + path, headers=headers)
                assert shown.status_code == 200
                assert len(statements) <= MOST, (path, len(statements), *statements)
                if not path:
                    own = [one for one in statements if "agenda_block" in one or "preparation_tick" in one]
                    assert len(own) <= (0 if accept == "application/json" else ADDED if who in ("eva", "fons") else 2)
