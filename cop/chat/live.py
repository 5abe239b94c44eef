"""Who is in a room: a lease that the heartbeat of an open page renews, and the list that everybody there is sent."""

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
SHOWN = 24  # people by name; of more the number is told


@dataclass
class List:
    """Who stood in the list that was sent last; whether the next is about to be sent, and to somebody new."""

    ids: list[int] = field(default_factory=list)
    due: bool = False
    anew: bool = False


_lock = Lock()
_lists: dict[str, List] = {}  # by place


def _room(place: str) -> int | None:
    kind, _colon, id = place.partition(":")
    return int(id) if kind == "room" else None


def entered(person: int, place: str) -> None:
    """Gives the lease; who comes in is sent the list, also when it is the one that the others have."""
    _lease(person, place, anew=True)


def renewed(person: int, place: str) -> None:
    """Renews the lease; the list goes round when somebody dropped out of it unseen."""
    _lease(person, place, anew=False)


def _lease(person: int, place: str, anew: bool) -> None:
    room = _room(place)
    if room is not None:
        with transaction():
            enter(room, person, live.process_name(), clock.now() + LEASE)
        announce(place, anew)


def left(person: int, place: str) -> None:
    """Ends the lease."""
    room = _room(place)
    if room is not None:
        with transaction():
            leave(room, person, live.process_name())
        announce(place)


def announce(place: str, anew: bool = False) -> None:
    """Sends the list of who is there a moment later: when many come at once, everybody is told once."""
    with _lock:
        sent = _lists.setdefault(place, List())
        sent.anew |= anew
        if sent.due:
            return
        sent.due = True
        pause = 0.5 + len(sent.ids) / 100
    timer = Timer(pause, _announce, (current_app._get_current_object(), place))  # type: ignore[attr-defined]
    timer.daemon = True
    timer.start()


def _announce(app: Flask, place: str) -> None:
    try:
        with app.app_context():
            tell(place)
    except Exception:
        log.exception("the list of who is in %s", place)


def tell(place: str) -> None:
    """Sends `present` to everybody in `place`, when they do not have this list."""
    with _lock:
        sent = _lists.pop(place, List())
    people = people_in(_room(place) or 0)
    db.session.remove()
    ids = [person.id for person in people]
    if ids:
        with _lock:
            _lists.setdefault(place, List()).ids = ids
    if ids == sent.ids and not sent.anew:
        return
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


live.on_enter(entered)
live.on_renew(renewed)
live.on_leave(left)
