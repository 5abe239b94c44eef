"""Losing access on every process: what one process cuts, the others read from the database within a second."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Flask, current_app
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from cop.base import clock
from cop.base.action import unit
from cop.base.db import Base, db
from cop.base.journal import Id

log = logging.getLogger(__name__)
PAUSE = 0.4  # seconds between looks
KEPT = timedelta(minutes=10)


class Cut(Base):
    """A person (in one session, or in all) or a place to be looked at again; made by process `origin`."""

    __tablename__ = "live_cut"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    origin: Mapped[str]
    kind: Mapped[str]  # end: close the sockets · person, place: ask again who may be where
    person_id: Mapped[int | None]
    session_id: Mapped[int | None]
    place: Mapped[str | None]
    at: Mapped[datetime]


def tell(
    origin: str, kind: str, *, person: int | None = None, session: int | None = None, place: str | None = None
) -> None:
    """Writes a cut for the other processes; where there are none nothing is written."""
    if current_app.config["COP"].redis_url:
        with unit():
            db.session.add(
                Cut(origin=origin, kind=kind, person_id=person, session_id=session, place=place, at=clock.now())
            )


def follow(app: Flask, origin: str, heard: Callable[[Cut], None]) -> None:
    """Calls `heard` for every cut that another process makes from now on, in a thread of its own."""

    def run() -> None:
        with app.app_context():
            last = db.session.scalar(select(func.max(Cut.id))) or 0
        while True:
            time.sleep(PAUSE)
            try:
                with app.app_context():
                    for cut in db.session.scalars(select(Cut).where(Cut.id > last).order_by(Cut.id)).all():
                        last = cut.id
                        if cut.origin != origin:
                            heard(cut)
                    if last % 100 == 99:
                        with unit():
                            db.session.execute(delete(Cut).where(Cut.at < clock.now() - KEPT))
            except Exception:
                log.exception("cuts")

    threading.Thread(target=run, name="cuts", daemon=True).start()
