"""Fixtures for the tests of programmes: sent emails and current memberships."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from cop.base import jobs
from cop.base.db import db
from cop.base.email import Email
from cop.society.memberships import Membership


@pytest.fixture
def outbox(app: Any) -> Any:
    """Return a function that runs the waiting jobs and lists the emails to an address: `outbox('nieuw@…')`."""

    def emails(to: str) -> list[Email]:
        with app.app_context():
            jobs.run_due()
            return [email for email in db.session.scalars(select(Email).order_by(Email.id)) if to in email.address]

    return emails


@pytest.fixture
def membership(app: Any, cast: Any) -> Any:
    """Return a function that reads a person's membership of the first community, preferably a current one:
    `membership('anna')`."""

    def read(who: str | int, community: int | None = None) -> Membership | None:
        person = getattr(cast, who) if isinstance(who, str) else who
        with app.app_context():
            return db.session.scalar(
                select(Membership)
                .where(Membership.person_id == person, Membership.community_id == (community or cast.one))
                .order_by(Membership.ended.is_not(None), Membership.id.desc())
                .limit(1)
            )

    return read
