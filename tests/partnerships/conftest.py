"""A partnership of two organisations, and its mail."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from cop.access import SYSTEM
from cop.base import jobs
from cop.base.db import db
from cop.base.email import Email
from cop.partnerships import actions
from cop.partnerships.models import this_month
from cop.society.programmes import Partnership, Programme


@pytest.fixture
def duo(cast: Any, app: Any, run_as: Any) -> SimpleNamespace:
    """A partnership of Anna (of the housing corporation) and Bram (of the municipality)."""
    id = run_as(
        "fons",
        actions.add,
        Programme,
        cast.programme,
        name="Duo Proefdam",
        organisations=cast.organisations[:2],
        people=[cast.anna, cast.bram],
    )
    with app.app_context():
        audience = db.session.get_one(Partnership, id).audience_id
    return SimpleNamespace(id=id, url=f"/partnerships/{id}", api=f"/api/v1/partnerships/{id}", audience=audience)


@pytest.fixture
def month(app: Any, duo: SimpleNamespace) -> int:
    """The open check-in of this month."""
    with app.app_context():
        return actions.open_month(SYSTEM, db.session.get_one(Partnership, duo.id), month=this_month()).id


@pytest.fixture
def mailed(app: Any) -> Any:
    """`mailed('anna')`: the paths of the links to check-ins in the mail to somebody, the newest last."""

    def links(who: str) -> list[str]:
        with app.app_context():
            jobs.run_due()
            mails = db.session.scalars(select(Email).where(Email.address == f"{who}@proef.example").order_by(Email.id))
            return [path for mail in mails for path in re.findall(r"http://localhost(/check-in/\S+)", mail.text)]

    return links
