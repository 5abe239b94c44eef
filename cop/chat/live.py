"""Who is in a room: a lease that the heartbeat of an open page renews, and the list that everybody there is sent."""

from __future__ import annotations

import logging
from datetime import timedelta
from threading import Lock, Timer

from flask import Flask, current_app

from cop.base import clock, live
from cop.base.action import unit
from cop.base.db import db
from cop.base.web import render
from cop.chat.models import enter, leave, people_in

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=60)
SHOWN = 24  # people by name; of more the number is told

_lock = Lock()
_due: set[str] = set()  # places whose list is about to be sent
_sent: dict[str, list[int]] = {}  # place → who stood in the list that was sent last


def _room(place: str) -> int | None:
    kind, _colon, id = place.partition(":")
    return int(id) if kind == "room" else None


def entered(person: int, place: str) -> None:
    """Gives the lease, or renews it."""
    room = _room(place)
    if room is not None:
        with unit():
            enter(room, person, live.origin(), clock.now() + LEASE)
        announce(place)


def left(person: int, place: str) -> None:
    """Ends the lease."""
    room = _room(place)
    if room is not None:
        with unit():
            leave(room, person, live.origin())
        announce(place)


def announce(place: str) -> None:
    """Sends the list of who is there a moment later: when many come at once, everybody is told once."""
    with _lock:
        if place in _due:
            return
        _due.add(place)
        pause = 0.5 + len(_sent.get(place, [])) / 100
    timer = Timer(pause, _announce, (current_app._get_current_object(), place))  # type: ignore[attr-defined]
    timer.daemon = True
    timer.start()


def _announce(app: Flask, place: str) -> None:
    with _lock:
        _due.discard(place)
    try:
        with app.app_context():
            tell(place)
    except Exception:
        log.exception("the list of who is in %s", place)


def tell(place: str) -> None:
    """Sends `present` to everybody in `place`, when the list is another than they have."""
    people = people_in(_room(place) or 0)
    db.session.remove()
    ids = [person.id for person in people]
    with _lock:
        if _sent.get(place, []) == ids:
            return
        _sent[place] = ids
        if not ids:
            del _sent[place]
    shown = people[:SHOWN]
    live.send(place, "present", lambda: {
        "place": place, "count": len(people), "people": [{"id": person.id, "name": person.name} for person in shown],
        "html": render("chat/_present.html", people=shown, more=len(people) - len(shown))})


live.on_enter(entered)
live.on_renew(entered)
live.on_leave(left)
