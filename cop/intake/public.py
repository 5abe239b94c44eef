"""Open calls as public pages show them."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from cop.base import clock
from cop.base.db import db
from cop.intake.models import Call


class PublicCall(NamedTuple):
    """A call that is open now."""

    title: str
    url: str
    opens: datetime
    closes: datetime


def open_calls(programme_id: int) -> list[PublicCall]:
    """Return the open calls of a programme, the one that closes first at the top."""
    now = clock.now()
    calls = db.session.scalars(select(Call).where(Call.programme_id == programme_id, Call.published.is_not(None)))
    found = [
        PublicCall(call.title, call.url, call.opens, call.closes)
        for call in calls
        if call.open_at(now) and call.opens and call.closes
    ]
    return sorted(found, key=lambda one: one.closes)
