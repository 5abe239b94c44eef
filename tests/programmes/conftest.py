"""What the tests of programmes need besides the cast: the outbox, and rows as the database has them."""

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
    """`outbox('nieuw@…')`: the letters to an address, after the work that was waiting is done."""

    def emails(to: str) -> list[Email]:
        with app.app_context():
            jobs.run_due()
            return [email for email in db.session.scalars(select(Email).order_by(Email.id)) if to in email.address]

    return emails


@pytest.fixture
def membership(app: Any, cast: Any) -> Any:
    """`membership('anna')`: their membership of the first community, the running one if there is."""

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
