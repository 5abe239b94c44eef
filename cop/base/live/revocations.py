"""Revocation: sockets of ended credentials are disconnected within a second, in every process.

Sessions and tokens end in `society/credentials.py`, which calls `disconnect_person`. With several processes a row tells
the others. A thread in each process reads those rows, and disconnects the sockets of credentials that expired.
"""

from __future__ import annotations

import logging
import threading
import time
from datetime import datetime, timedelta

from flask import Flask, current_app
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from cop.base import clock
from cop.base.action import transaction
from cop.base.db import Base, db
from cop.base.hooks import hooks
from cop.base.journal import BigId
from cop.base.live.places import people_in, remove_from
from cop.base.live.sockets import Socket, process_name, socketio, sockets

log = logging.getLogger(__name__)
INTERVAL = 0.4  # seconds between polls
RETENTION = timedelta(minutes=10)


class Revocation(Base):
    """A person (in one session, or in all) or a place whose sockets are to be checked again."""

    __tablename__ = "revocation"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    origin: Mapped[str]  # name of the process that wrote it
    kind: Mapped[str]  # end: close the sockets · person, place: check again who may be where
    person_id: Mapped[int | None]
    session_id: Mapped[int | None]
    place: Mapped[str | None]
    at: Mapped[datetime]


def disconnect_person(person: int, session: int | None = None) -> None:
    """Close the sockets of a person (of one session, or all), in every process."""
    _disconnect(sockets.of(person, session))
    publish("end", person=person, session=session)


def recheck_person(person: int) -> None:
    """Take a person out of every place that is closed to them now, in every process."""
    _recheck_person(person)
    publish("person", person=person)


def recheck_place(place: str) -> None:
    """Take everybody out of `place` who may not be there now, in every process."""
    _recheck_place(place)
    publish("place", place=place)


def publish(kind: str, *, person: int | None = None, session: int | None = None, place: str | None = None) -> None:
    """Write a revocation for the other processes; write nothing where there are none."""
    if current_app.config["COP"].redis_url:
        with transaction():
            db.session.add(
                Revocation(
                    origin=process_name(),
                    kind=kind,
                    person_id=person,
                    session_id=session,
                    place=place,
                    at=clock.now(),
                )
            )


def watch(app: Flask) -> None:
    """Apply what ends credentials outside this process, in a thread: their expiry, and revocations by other processes."""

    def run() -> None:
        followed = bool(app.config["COP"].redis_url)
        with app.app_context():
            last = _last_revocation() if followed else 0
        while True:
            time.sleep(INTERVAL)
            try:
                if expired := sockets.expired(clock.now()):
                    with app.app_context():
                        _disconnect(expired)
                if followed:
                    with app.app_context():
                        last = _apply_after(last)
            except Exception:
                log.exception("revocations")

    threading.Thread(target=run, name="revocations", daemon=True).start()


def _last_revocation() -> int:
    return db.session.scalar(select(func.max(Revocation.id))) or 0


def _apply_after(last: int) -> int:
    """Apply the revocations of other processes after the id `last`, and return the id of the newest."""
    for found in db.session.scalars(select(Revocation).where(Revocation.id > last).order_by(Revocation.id)).all():
        last = found.id
        if found.origin != process_name():
            apply(found)
    if last % 100 == 99:
        with transaction():
            db.session.execute(delete(Revocation).where(Revocation.at < clock.now() - RETENTION))
    return last


def apply(revocation: Revocation) -> None:
    """Apply a revocation to the sockets of this process."""
    if revocation.kind == "place" and revocation.place:
        _recheck_place(revocation.place)
    elif revocation.person_id is not None and revocation.kind == "end":
        _disconnect(sockets.of(revocation.person_id, revocation.session_id))
    elif revocation.person_id is not None:
        _recheck_person(revocation.person_id)


def _disconnect(ended: list[Socket]) -> None:
    server = socketio.server
    for socket in ended:
        remove_from(socket, set(socket.places))
        connection = server.manager.eio_sid_from_sid(socket.sid, "/")
        server.disconnect(socket.sid, namespace="/")
        if connection is not None:
            server.eio.disconnect(connection)  # the namespace is left; the connection would stay


def _recheck_person(person: int) -> None:
    mine = sockets.of(person)
    loaded = hooks().load_person(person) if mine else None
    for socket in mine:
        closed = {p for p in socket.places if loaded is None or hooks().last_seq(loaded, p) is None}
        remove_from(socket, closed)


def _recheck_place(place: str) -> None:
    for person in people_in(place):
        loaded = hooks().load_person(person)
        if loaded is None or hooks().last_seq(loaded, place) is None:
            for socket in sockets.of(person):
                remove_from(socket, {place} & socket.places)
