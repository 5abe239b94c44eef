"""Places: joining and leaving them, and sending events to everybody in one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import current_app, request
from flask_socketio import disconnect, join_room, leave_room

from cop.base import words
from cop.base.db import db
from cop.base.hooks import hooks
from cop.base.live.protocol import BINARY_EVENTS
from cop.base.live.sockets import Socket, handle, socketio, sockets

PlaceListener = Callable[[int, str], None]
_entered: list[PlaceListener] = []
_renewed: list[PlaceListener] = []
_left: list[PlaceListener] = []
_binary: dict[str, int] = {}  # kind of place -> bytes of a binary message


def on_enter(listener: PlaceListener) -> None:
    """Call `listener(person id, place)` when the first socket of a person joins a place."""
    _entered.append(listener)


def on_renew(listener: PlaceListener) -> None:
    """Call `listener(person id, place)` when a person joins a place again: the heartbeat of an open page."""
    _renewed.append(listener)


def on_leave(listener: PlaceListener) -> None:
    """Call `listener(person id, place)` when the last socket of a person leaves a place."""
    _left.append(listener)


def take_binary(event: str, kind: str, most: int) -> None:
    """Take a binary value of at most `most` bytes with `event`, from sockets in places of this kind, such as "page"."""
    BINARY_EVENTS.add(event)
    _binary[kind] = max(most, _binary.get(kind, 0))


def _set_places(socket: Socket, add: str = "", remove: str = "") -> None:
    """Add a place to those of a socket, or remove one; its connection takes binary values while one of them does."""
    socket.places = (socket.places | {add}) - {remove, ""}
    if socket.admission:
        socket.admission.binary_cap = max((_binary.get(one.partition(":")[0], 0) for one in socket.places), default=0)


def channel(place: str, language: str) -> str:
    """Return the Socket.IO room of a place in one language: fragments are built once per language."""
    return f"{place}/{language}"


def authenticate() -> tuple[Socket, Any] | None:
    """Return the socket of the current event and its person, read again; disconnect it when the session has ended."""
    socket = sockets.get(request.sid)  # type: ignore[attr-defined]
    if socket is None or socket.is_throttled():
        return None
    found = hooks().authenticate()
    if found is None or found[0].id != socket.person:
        disconnect()
        return None
    return socket, found[0]


def place_in(data: Any) -> str | None:
    """Return the place that an event names, or None."""
    place = data.get("place") if isinstance(data, dict) else None
    return place if isinstance(place, str) and len(place) < 40 else None


@handle("join")
def _join(data: Any = None, *_more: Any) -> dict[str, Any]:
    found, place = authenticate(), place_in(data)
    try:
        if found is None or place is None:
            return {"error": "forbidden"}
        socket, person = found
        first = not any(s.person == socket.person for s in sockets.joined(place))
        seq = _enter(socket, person, place)
        if seq is None:
            return {"error": "forbidden"}
        for listener in _entered if first else _renewed:
            listener(socket.person, place)
        return {"ok": True, "seq": seq}
    finally:
        db.session.remove()


def _enter(socket: Socket, person: Any, place: str) -> int | None:
    """Put a socket in a place; return the place's last seq, or None where the person may not be."""
    if place not in socket.places:
        if hooks().last_seq(person, place) is None:
            return None
        join_room(channel(place, socket.language))
        _set_places(socket, add=place)
        # Checked again from inside: a message, or a loss of access, in between is not missed.
        db.session.remove()
        person = (hooks().authenticate() or (None,))[0]
    seq = hooks().last_seq(person, place) if person else None
    if seq is None:
        leave_room(channel(place, socket.language))
        _set_places(socket, remove=place)
    return seq


@handle("leave")
def _leave(data: Any = None, *_more: Any) -> dict[str, Any]:
    socket, place = sockets.get(request.sid), place_in(data)  # type: ignore[attr-defined]
    if socket is None or place is None or socket.is_throttled():
        return {"error": "forbidden"}
    leave_room(channel(place, socket.language))
    _set_places(socket, remove=place)
    announce_left(socket.person, place)
    return {"ok": True}


@handle("typing")
def _typing(data: Any = None, *_more: Any) -> dict[str, Any]:
    found, place = authenticate(), place_in(data)
    try:
        if found is None or place is None or place not in found[0].places:
            return {"error": "forbidden"}
        socket, person = found
        for language in words.LANGUAGES:
            socketio.emit(
                "typing",
                {"place": place, "person": person.id, "name": person.name},
                to=channel(place, language),
                skip_sid=socket.sid,
            )
        return {"ok": True}
    finally:
        db.session.remove()


def announce_left(person: int, place: str) -> None:
    """Call the `on_leave` listeners when the person has no socket left in the place."""
    if not any(s.person == person for s in sockets.joined(place)):
        for listener in _left:
            listener(person, place)


def remove_from(socket: Socket, places: set[str]) -> None:
    """Take a socket out of places and send it `gone`."""
    for place in places:
        socketio.server.leave_room(socket.sid, channel(place, socket.language), namespace="/")
        _set_places(socket, remove=place)
        socketio.emit("gone", {"place": place}, to=socket.sid)
        announce_left(socket.person, place)


def publish(place: str, seq: int, verb: str, id: int, make: Callable[[], str]) -> None:
    """Send `told` to everybody in `place`; `make` renders the fragment, once per language in use."""
    emit(place, "told", lambda: {"place": place, "seq": seq, "verb": verb, "id": id, "html": make()})


def emit(place: str, event: str, make: Callable[[], dict[str, Any]]) -> None:
    """Send `event` to everybody in `place`; `make` returns its payload, once per language in use."""
    for language in languages(place):
        mark = words.language.set(language)
        try:
            data = make()
        finally:
            words.language.reset(mark)
        socketio.emit(event, data, to=channel(place, language))


def languages(place: str) -> set[str]:
    """Return the languages in use in `place`; all of them when other processes may hold sockets."""
    if current_app.config["COP"].redis_url:
        return set(words.LANGUAGES)
    return {s.language for s in sockets.joined(place)}


def has_listeners(place: str | None = None) -> bool:
    """Return whether a socket may be listening (in `place`); without one no fragment need be rendered."""
    if current_app.config["COP"].redis_url:
        return True
    return bool(languages(place) if place else len(sockets))


def signal(person: int, event: str, data: dict[str, Any]) -> None:
    """Send a small event to every socket of one person."""
    socketio.emit(event, data, to=f"person:{person}")


def people_in(place: str) -> set[int]:
    """Return the ids of the people with a socket of this process in `place`."""
    return {s.person for s in sockets.joined(place)}
