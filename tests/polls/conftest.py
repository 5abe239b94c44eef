"""Date polls of the first community, made by its moderator."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from cop.base.action import transaction
from cop.base.db import db
from cop.base.email import Email
from cop.polls import actions
from cop.polls.forms import Slot
from cop.polls.models import Poll, answer_token, options_of
from cop.society.people import Person
from cop.society.programmes import Community
from tests.conftest import go_to

NOW = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)
FIRST = datetime(2027, 3, 22, 8, 30, tzinfo=UTC)  # 9.30 in Amsterdam, in winter time
DAYS = [Slot(FIRST + n * DAY) for n in range(3)]


@pytest.fixture(autouse=True)
def at_the_desk() -> None:
    """Begin every test on the same day, so that no term has passed."""
    go_to(NOW)


@pytest.fixture
def make(app: Any, cast: Any) -> Any:
    """`make(closes=…)`: make a poll of the first community as Eva; return its id, options and addresses."""

    def made(who: str = "eva", owner: Any = Community, id: int | None = None, **given: Any) -> SimpleNamespace:
        given = {"title": "Plaats maken", "kind": "thematic", "options": DAYS} | given
        with app.app_context(), transaction():
            person, whose = db.session.get_one(Person, getattr(cast, who)), db.session.get_one(owner, id or cast.one)
            poll = actions.make(person, whose, **given)
            id, options = poll.id, [option.id for option in options_of(poll.id)]
        return SimpleNamespace(id=id, options=options, url=f"/polls/{id}", api=f"/api/v1/polls/{id}")

    return made


@pytest.fixture
def draft(make: Any) -> SimpleNamespace:
    """A draft with three days."""
    return make(venue="Raadhuis, Proefdam", purpose="Kennismaken.")


@pytest.fixture
def poll(draft: SimpleNamespace, run_as: Any) -> SimpleNamespace:
    """The draft, opened."""
    run_as("eva", actions.open, Poll, draft.id)
    return draft


@pytest.fixture
def vote(run_as: Any) -> Any:
    """`vote('anna', poll, 'yes', 'no', '')`: answer the options in their order."""

    def voted(who: str, poll: SimpleNamespace, *votes: str, **given: Any) -> Any:
        return run_as(who, actions.vote, Poll, poll.id, votes=dict(zip(poll.options, votes, strict=False)), **given)

    return voted


@pytest.fixture
def link(app: Any, cast: Any) -> Any:
    """`link(poll, 'anna')`: the address in the mail to somebody."""

    def address(poll: SimpleNamespace, who: str) -> str:
        with app.app_context():
            return f"/vote/{answer_token(poll.id, getattr(cast, who))}"

    return address


@pytest.fixture
def mails(app: Any) -> Any:
    """`mails('anna')`: the mails about polls and meetings to somebody, oldest first, by kind, subject and text."""

    def sent(who: str) -> list[Any]:
        about = Email.kind.startswith("polls/") | Email.kind.startswith("meetings/")
        with app.app_context():
            found = select(Email.kind, Email.subject, Email.text, Email.state)
            mine = found.where(Email.address == f"{who}@proef.example", about)
            return list(db.session.execute(mine.order_by(Email.id)))

    return sent


@pytest.fixture
def community(app: Any, cast: Any) -> str:
    """Return the address of the first community."""
    with app.app_context():
        return db.session.get_one(Community, cast.one).url


@pytest.fixture
def send(cast: Any) -> Any:
    """`send('eva', url, title='…')`: a form that a browser sends."""

    def sent(who: str, url: str, **given: Any) -> Any:
        return cast.client(None).post(url, data=given, headers={**cast.api(who), "Accept": "text/html"})

    return sent
