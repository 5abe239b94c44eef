"""Questions of Anna in the first community, and its experts: Dina, and others who are added."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from cop.base import clock
from cop.base.action import transaction
from cop.base.db import db
from cop.experts.models import ExpertRequest, ExpertTurn
from cop.society.credentials import new_token
from cop.society.memberships import Membership
from cop.society.people import Person


@pytest.fixture
def question(ask: Any, cast: Any) -> Any:
    """Return a function that starts a question in the first community and returns its id."""

    def started(who: str = "anna", title: str = "Hoe begint u?", kind: str = "question") -> int:
        given = {"kind": kind, "title": title, "body": "Wij beginnen in januari met ramen."}
        answer = ask(who, "post", "/api/v1/communities/een/threads", **given)
        assert answer.status_code == 201, answer.text
        return int(answer.json["id"])

    return started


@pytest.fixture
def expert(app: Any, cast: Any) -> Any:
    """Return a function that adds an expert to the first community, who can then act by their name."""

    def added(name: str, *themes: str) -> int:
        with app.app_context(), transaction():
            person = Person(
                mail=f"{name}@experts.example",
                name=name.title(),
                state="active",
                entered=clock.now(),
                themes=list(themes),
                organisation_id=cast.organisations[2],
            )
            db.session.add(person)
            db.session.flush()
            until = clock.today() + timedelta(days=300)
            db.session.add(Membership(person_id=person.id, community_id=cast.one, role="expert", until=until))
            cast.tokens[name] = new_token(person)
            setattr(cast, name, person.id)
            return person.id

    return added


@pytest.fixture
def asked(ask: Any, question: Any) -> Any:
    """Return a function that asks an expert about a new question and returns the request."""

    def made(who: str = "anna", title: str = "Hoe begint u?", **given: Any) -> dict[str, Any]:
        answer = ask(who, "post", f"/api/v1/threads/{question(who, title)}/expert", **given)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json
        return found

    return made


@pytest.fixture
def state(app: Any) -> Any:
    """Return a function that reads a request: its state, its expert and how many go before it."""

    def read(id: int) -> tuple[str, int | None, int]:
        with app.app_context():
            found = db.session.get_one(ExpertRequest, id)
            return found.state, found.expert_id, found.ahead

    return read


@pytest.fixture
def turns(app: Any) -> Any:
    """Return a function that reads to whom a request was put, and what became of it."""

    def read(id: int) -> list[tuple[int, str]]:
        query = select(ExpertTurn.person_id, ExpertTurn.state).where(ExpertTurn.request_id == id)
        with app.app_context():
            return [tuple(row) for row in db.session.execute(query.order_by(ExpertTurn.id))]

    return read
