"""Visits: when a person last used the site, and when their visit before this one ended."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from threading import Lock, Timer
from typing import NamedTuple

from flask import Flask, current_app
from sqlalchemy import ForeignKey, Integer, bindparam, case, select
from sqlalchemy.orm import Mapped, mapped_column

from cop.base import clock
from cop.base.action import transaction
from cop.base.db import Base, UtcDateTime, insert_of
from cop.base.fast.prepared import PreparedQuery, PreparedWrite

log = logging.getLogger(__name__)
GAP = timedelta(hours=4)  # a visit ends after this long without a page, so a pause at lunch does not end it
PAUSE = 30  # seconds in which pages are collected before they are stored


class Visit(Base):
    """The present visit of a person; `at` is its last page, `previous` the last page of the visit before it."""

    __tablename__ = "visit"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    at: Mapped[datetime]
    previous: Mapped[datetime | None]


class _Row(NamedTuple):
    at: datetime
    previous: datetime | None


_VISIT = PreparedQuery(
    select(Visit.at, Visit.previous).where(Visit.person_id == bindparam("person", type_=Integer)), row=_Row
)
_now, _gone = bindparam("now", type_=UtcDateTime), bindparam("gone", type_=UtcDateTime)
_STORE = PreparedWrite(
    lambda: (
        insert_of(Visit)
        .values(person_id=bindparam("person", type_=Integer), at=_now)
        .on_conflict_do_update(
            index_elements=["person_id"],
            set_={"previous": case((Visit.at < _gone, Visit.at), else_=Visit.previous), "at": _now},
        )
    )
)


def previous_visit(person_id: int) -> datetime | None:
    """Return when the visit before this one ended, None on a first visit; it stays the same during a visit."""
    row = _VISIT.first(person=person_id)
    if row is None:
        return None
    return row.at if row.at < clock.now() - GAP else row.previous


class Collector:
    """Collects who opened a page, and stores it a little later in one transaction, because a GET writes nothing.

    A process that is killed loses at most the last `PAUSE` seconds.
    """

    def __init__(self) -> None:
        self.lock, self.seen = Lock(), dict[int, datetime]()
        self.timer: Timer | None = None  # that will store what is noted now
        self.started: list[Timer] = []  # with those that are storing

    def note(self, person_id: int) -> None:
        """Note that a person opened a page."""
        with self.lock:
            self.seen[person_id] = clock.now()
            if self.timer is not None:
                return
            app = current_app._get_current_object()  # type: ignore[attr-defined]
            self.timer = Timer(PAUSE, self._store_in, (app,))
            self.timer.daemon = True
            self.timer.start()
            self.started = [*(one for one in self.started if one.is_alive()), self.timer]

    def store(self) -> None:
        """Store what was noted, in a transaction."""
        with self.lock:
            seen, self.seen, self.timer = self.seen, {}, None
        with transaction():
            _STORE.each([{"person": id, "now": at, "gone": at - GAP} for id, at in sorted(seen.items())])

    def close(self) -> None:
        """Forget what was noted, and store nothing more; wait for what is being stored, which holds a connection."""
        with self.lock:
            started, self.started = self.started, []
            self.seen, self.timer = {}, None
        for timer in started:
            timer.cancel()
            timer.join()

    def _store_in(self, app: Flask) -> None:
        try:
            with app.app_context():
                self.store()
        except Exception:
            log.exception("failed to store the visits")


visits = Collector()
