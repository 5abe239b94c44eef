"""Fixtures for the tests of people: sent mail and a newcomer."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select

from cop.base import jobs
from cop.base.action import transaction
from cop.base.db import db
from cop.base.email import Email
from cop.base.web import rate_limits
from cop.society.credentials import new_link
from cop.society.people import Person


@pytest.fixture(autouse=True)
def no_rate_limits() -> None:
    """Reset the rate limits: all tests share one IP address."""
    rate_limits.reset()


class Post:
    """The sent emails."""

    def __init__(self, app: Any):
        self.app = app

    def all(self, to: str = "") -> list[Email]:
        """Run the waiting jobs and return the emails to an address."""
        with self.app.app_context():
            jobs.run_due()
            return [email for email in db.session.scalars(select(Email).order_by(Email.id)) if to in email.address]

    def last(self, to: str) -> Email:
        return self.all(to)[-1]

    def path(self, to: str) -> str:
        """Return the path of the link in the last email to an address."""
        return re.search(r"http://localhost(/\S{20,})", self.last(to).text)[1]  # type: ignore[index]

    def code(self, to: str) -> str:
        return "".join(re.search(r"code in: (\d{3}) (\d{3})", self.last(to).text).groups())  # type: ignore[union-attr]


@pytest.fixture
def post(app: Any) -> Post:
    return Post(app)


@pytest.fixture
def newcomer(app: Any, cast: Any) -> tuple[int, str]:
    """Return the id of an invited person who has not entered, and the path of their link."""
    with app.app_context(), transaction():
        person = Person(mail="nieuw@proef.example", name="Nina Nieuw", state="invited")
        db.session.add(person)
        db.session.flush()
        return person.id, f"/sign-in/{new_link(person, 'invitation', next='/communities/een/threads')[0]}"


@pytest.fixture
def person(app: Any) -> Any:
    """Return a function that reads a person's current row: `person(id)`."""

    def read(id: int) -> Person:
        with app.app_context():
            found = db.session.get(Person, id)
            assert found is not None
            return found

    return read
