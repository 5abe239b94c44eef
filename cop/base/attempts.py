"""Attempts per key: how often something may be tried, counted in the database for all processes together.

The rate of requests, limited per credential in memory, is in `cop/base/web/rate_limits.py`.
"""

from __future__ import annotations

import hashlib
import math
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, delete, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from cop.base import clock, jobs
from cop.base.action import transaction
from cop.base.db import Base, UtcDateTime, db, is_sqlite
from cop.base.errors import TooMany
from cop.base.words import n_

LONGEST = timedelta(days=1)  # no window is longer, so older attempts can be deleted


class Attempt(Base):
    """How often something was tried since the first attempt of its window; of the key only the digest is stored."""

    __tablename__ = "attempt"

    key: Mapped[str] = mapped_column(primary_key=True)
    start: Mapped[datetime]
    count: Mapped[int]


def count(key: str, per: timedelta, most: int) -> None:
    """Count an attempt of `key`; raise TooMany when `most` were made within `per` of the first.

    One conditional statement, so that of many attempts at once exactly `most` pass. A transaction that fails takes its
    attempt back: one that must count all the same has a transaction of its own.
    """
    assert per <= LONGEST, "an attempt is deleted after a day"
    now, hashed = clock.now(), _digest(key)
    insert = (sqlite.insert if is_sqlite() else postgresql.insert)(Attempt).values(key=hashed, start=now, count=1)
    over: ColumnElement[bool] = Attempt.start <= now - per
    counted = insert.on_conflict_do_update(
        index_elements=[Attempt.key],
        set_={
            "count": case((over, 1), else_=Attempt.count + 1),
            "start": case((over, literal(now, UtcDateTime())), else_=Attempt.start),
        },
        where=over | (Attempt.count < most),
    ).returning(Attempt.count)
    with transaction():
        if db.session.execute(counted).scalar() is not None:
            return
        start = db.session.scalar(select(Attempt.start).where(Attempt.key == hashed)) or now
    wait = max(1, math.ceil((start + per - now).total_seconds()))
    minutes = math.ceil(wait / 60)
    raise TooMany(
        n_(
            "U hebt dit te vaak geprobeerd. Wacht %(n)s minuut en probeer het dan opnieuw.",
            "U hebt dit te vaak geprobeerd. Wacht %(n)s minuten en probeer het dan opnieuw.",
            minutes,
        ),
        retry_after=wait,
    )


def reset(key: str) -> None:
    """Reset the count of `key`, after a success."""
    with transaction():
        db.session.execute(delete(Attempt).where(Attempt.key == _digest(key)))


def _digest(key: str) -> str:
    """Return the key as it is stored: the table has no email or IP addresses."""
    return hashlib.sha256(key.encode()).hexdigest()


@jobs.job("limits.sweep")
def sweep() -> None:
    """Delete the attempts whose window is over."""
    with transaction():
        db.session.execute(delete(Attempt).where(Attempt.start <= clock.now() - LONGEST))
