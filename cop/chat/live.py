"""Presence in a room: leases that the heartbeat of an open page renews, and the list of people sent to everybody there."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Lock, Timer

from flask import Flask, current_app

from cop.base import clock, live
from cop.base.action import transaction
from cop.base.db import db
from cop.base.web import render
from cop.chat.models import enter, leave, people_in

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=60)
SHOWN = 24  # people listed by name; of others only the number


@dataclass
class PresenceList:
    """The list of people in a place that was sent last, and whether the next one is scheduled."""

    ids: list[int] = field(default_factory=list)
    scheduled: bool = False
    has_newcomer: bool = False  # then the list is sent even if it is unchanged


_lock = Lock()
_lists: dict[str, PresenceList] = {}  # by place


def _room(place: str) -> int | None:
    kind, _colon, id = place.partition(":")
    return int(id) if kind == "room" else None


def entered(person: int, place: str) -> None:
    """Add the lease; the newcomer is sent the list even if it is unchanged."""
    _lease(person, place, newcomer=True)


def renewed(person: int, place: str) -> None:
    """Renew the lease; the list is sent if the lease of somebody else expired."""
    _lease(person, place, newcomer=False)


def _lease(person: int, place: str, newcomer: bool) -> None:
    room = _room(place)
    if room is not None:
        with transaction():
            enter(room, person, live.process_name(), clock.now() + LEASE)
        schedule(place, newcomer)


def left(person: int, place: str) -> None:
    """Delete the lease."""
    room = _room(place)
    if room is not None:
        with transaction():
            leave(room, person, live.process_name())
        schedule(place)


def schedule(place: str, newcomer: bool = False) -> None:
    """Send the list a moment later: when many people enter at once, it is sent once."""
    with _lock:
        sent = _lists.setdefault(place, PresenceList())
        sent.has_newcomer |= newcomer
        if sent.scheduled:
            return
        sent.scheduled = True
        pause = 0.5 + len(sent.ids) / 100
    timer = Timer(pause, _send, (current_app._get_current_object(), place))  # type: ignore[attr-defined]
    timer.daemon = True
    timer.start()


def _send(app: Flask, place: str) -> None:
    try:
        with app.app_context():
            send(place)
    except Exception:
        log.exception("failed to send the list of people in %s", place)


def send(place: str) -> None:
    """Send `present` to everybody in `place`, unless they have this list."""
    with _lock:
        sent = _lists.pop(place, PresenceList())
    people = people_in(_room(place) or 0)
    db.session.remove()
    ids = [person.id for person in people]
    if ids != sent.ids or sent.has_newcomer:
        shown = people[:SHOWN]
        live.emit(
            place,
            "present",
            lambda: {
                "place": place,
                "count": len(people),
                "people": [{"id": person.id, "name": person.name} for person in shown],
                "html": render("chat/_present.html", people=shown, more=len(people) - len(shown)),
            },
        )
    if ids:
        with _lock:
            _lists.setdefault(place, PresenceList()).ids = ids


live.on_enter(entered)
live.on_renew(renewed)
live.on_leave(left)
