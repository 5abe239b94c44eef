"""Live: HTML out to who is in a place, passing signals in; what must not be lost is in the database."""

from __future__ import annotations

import functools
import os
import secrets
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib.util import find_spec
from threading import Lock
from typing import Any

from flask import Flask, current_app, request
from flask_socketio import SocketIO, disconnect, join_room, leave_room

from cop.base import cuts, words
from cop.base.db import db
from cop.base.packets import Packet, Wire, log
from cop.config import Misconfigured

RATE = 100  # events per ten seconds and socket
SOCKETS_PER_PERSON = 10


@dataclass
class Socket:
    """One connection: whose, in which language, in which places."""

    sid: str
    person: int
    session: int
    language: str
    places: set[str] = field(default_factory=set)
    marks: list[float] = field(default_factory=list)


socketio = SocketIO()
_sockets: dict[str, Socket] = {}
_lock = Lock()
_gone: list[Callable[[int, str], None]] = []
_entered: list[Callable[[int, str], None]] = []
_renewed: list[Callable[[int, str], None]] = []


def resolve(person: Any, place: str) -> int | None:
    """The last seq of `place` for who may be there, else None; `create_app` hands the real one in."""
    raise RuntimeError("no resolver was handed in")


def known() -> Any:
    """(person, session id) of the cookie or token of this connection, else None; handed in by `create_app`."""
    raise RuntimeError("nobody to recognise people was handed in")


def person_of(id: int) -> Any:
    """The person with this id; handed in by `create_app`."""
    raise RuntimeError("nobody to load people was handed in")


@functools.cache
def origin() -> str:
    """The name of this process among those that share the database; drawn after the fork."""
    return f"{os.getpid()}-{secrets.token_hex(4)}"


def hand(resolver: Callable[[Any, str], int | None], recognise: Callable[[], Any], load: Callable[[int], Any]) -> None:
    """Makes `resolver` decide who may be where, `recognise` who is there, and `load` find a person by id."""
    globals()["resolve"], globals()["known"], globals()["person_of"] = resolver, recognise, load


def open_live(app: Flask) -> None:
    """Starts Socket.IO on the app: websocket only, the one origin only."""
    settings = app.config["COP"]
    if settings.redis_url and find_spec("redis") is None:  # Socket.IO would log it, and nobody would hear anything
        raise Misconfigured("COP_REDIS_URL needs the extra 'redis': pip install 'cop[redis]'")
    origins = [settings.base_url] if settings.mode != "development" else [settings.base_url, "http://localhost:8000"]
    pages = app.wsgi_app
    socketio.init_app(
        app,
        async_mode="threading",
        transports=["websocket"],
        manage_session=False,
        cors_allowed_origins=origins,
        message_queue=settings.redis_url or None,
        max_http_buffer_size=64 * 1024,
        ping_interval=25,
        ping_timeout=20,
        serializer=Packet,
        logger=False,
        engineio_logger=log,
    )
    engine = socketio.server.eio
    engine._async = {**engine._async, "websocket": Wire}  # which Engine.IO offers no other way to give
    sockets = app.wsgi_app

    def fork(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        # Engine.IO's own way on to a page copies the environment and makes a class, at every request.
        led = sockets if environ["PATH_INFO"].startswith("/socket.io/") else pages
        return led(environ, start_response)

    app.wsgi_app = fork  # type: ignore[method-assign]


def on_leave(listener: Callable[[int, str], None]) -> None:
    """Calls `listener(person id, place)` when a person's last socket has left a place."""
    _gone.append(listener)


def on_enter(listener: Callable[[int, str], None]) -> None:
    """Calls `listener(person id, place)` when a person's first socket has entered a place."""
    _entered.append(listener)


def on_renew(listener: Callable[[int, str], None]) -> None:
    """Calls `listener(person id, place)` when who is in a place joins it anew: the heartbeat of an open page."""
    _renewed.append(listener)


def room(place: str, language: str) -> str:
    """The Socket.IO room of a place in one language: fragments are built once for each."""
    return f"{place}/{language}"


@functools.cache  # once per process, and only after gunicorn has forked: a thread does not survive that
def _follow_others() -> None:
    if current_app.config["COP"].redis_url:
        cuts.follow(current_app._get_current_object(), origin(), _heard)  # type: ignore[attr-defined]


@socketio.on("connect")
def _connect(auth: Any = None) -> bool | None:
    _follow_others()
    token = auth.get("token") if isinstance(auth, dict) else None
    if token is not None:
        request.environ["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    found = known()
    if found is None:
        return False
    person, session = found
    language = person.language if person.language in words.LANGUAGES else words.SOURCE
    with _lock:
        mine = [s for s in _sockets.values() if s.person == person.id]
        if len(mine) >= SOCKETS_PER_PERSON:
            return False
        _sockets[request.sid] = Socket(request.sid, person.id, session, language)  # type: ignore[attr-defined]
    join_room(f"person:{person.id}")
    db.session.remove()
    return None


@socketio.on("disconnect")
def _disconnect(*_reason: Any) -> None:
    with _lock:
        socket = _sockets.pop(request.sid, None)  # type: ignore[attr-defined]
    for place in list(socket.places) if socket else []:
        _left(socket.person, place)  # type: ignore[union-attr]


def _left(person: int, place: str) -> None:
    with _lock:
        still = any(s.person == person and place in s.places for s in _sockets.values())
    if not still:
        for listener in _gone:
            listener(person, place)


def throttled(socket: Socket) -> bool:
    """Whether this socket sent more than RATE events in ten seconds."""
    now = time.monotonic()
    socket.marks = [m for m in socket.marks if now - m < 10] + [now]
    return len(socket.marks) > RATE


def here() -> tuple[Socket, Any] | None:
    """The socket of this event and its person, read anew; None (and cut) when the session has ended."""
    socket = _sockets.get(request.sid)  # type: ignore[attr-defined]
    if socket is None or throttled(socket):
        return None
    found = known()
    if found is None or found[0].id != socket.person:
        disconnect()
        return None
    return socket, found[0]


def asked(data: Any) -> str | None:
    """The place an event names, else None."""
    place = data.get("place") if isinstance(data, dict) else None
    return place if isinstance(place, str) and len(place) < 40 else None


@socketio.on("join")
def _join(data: Any = None, *_more: Any) -> dict[str, Any]:
    found, place = here(), asked(data)
    try:
        if found is None or place is None:
            return {"error": "forbidden"}
        socket, person = found
        entering = place not in socket.places
        first = not any(s.person == socket.person and place in s.places for s in list(_sockets.values()))
        if entering:
            if resolve(person, place) is None:
                return {"error": "forbidden"}
            join_room(room(place, socket.language))
            socket.places.add(place)
            # Asked again, anew, from inside: what was told, or taken away, while the door was open is not missed.
            db.session.remove()
            person = (known() or (None,))[0]
        seq = resolve(person, place) if person else None
        if seq is None:
            leave_room(room(place, socket.language))
            socket.places.discard(place)
            return {"error": "forbidden"}
        for listener in _entered if first else _renewed:
            listener(socket.person, place)
        return {"ok": True, "seq": seq}
    finally:
        db.session.remove()


@socketio.on("leave")
def _leave(data: Any = None, *_more: Any) -> dict[str, Any]:
    socket, place = _sockets.get(request.sid), asked(data)  # type: ignore[attr-defined]
    if socket is None or place is None or throttled(socket):
        return {"error": "forbidden"}
    leave_room(room(place, socket.language))
    socket.places.discard(place)
    _left(socket.person, place)
    return {"ok": True}


@socketio.on("typing")
def _typing(data: Any = None, *_more: Any) -> dict[str, Any]:
    found, place = here(), asked(data)
    try:
        if found is None or place is None or place not in found[0].places:
            return {"error": "forbidden"}
        socket, person = found
        for language in words.LANGUAGES:
            socketio.emit(
                "typing",
                {"place": place, "person": person.id, "name": person.name},
                to=room(place, language),
                skip_sid=socket.sid,
            )
        return {"ok": True}
    finally:
        db.session.remove()


def tell(place: str, seq: int, verb: str, id: int, make: Callable[[], str]) -> None:
    """Sends `told` to everybody in `place`; `make` renders the fragment, once per language in use."""
    send(place, "told", lambda: {"place": place, "seq": seq, "verb": verb, "id": id, "html": make()})


def send(place: str, event: str, make: Callable[[], dict[str, Any]]) -> None:
    """Sends `event` to everybody in `place`; `make` gives what it carries, once per language in use."""
    for language in languages(place):
        mark = words.language.set(language)
        try:
            data = make()
        finally:
            words.language.reset(mark)
        socketio.emit(event, data, to=room(place, language))


def languages(place: str) -> set[str]:
    """The languages that somebody in `place` reads; all of them when other processes may hold sockets."""
    if current_app.config["COP"].redis_url:
        return set(words.LANGUAGES)
    with _lock:
        return {s.language for s in _sockets.values() if place in s.places}


def heard(place: str | None = None) -> bool:
    """Whether anybody may be listening (in `place`): a fragment for nobody need not be made."""
    if current_app.config["COP"].redis_url:
        return True
    return bool(languages(place) if place else _sockets)


def nudge(person: int, event: str, data: dict[str, Any]) -> None:
    """Sends a small signal to every socket of one person."""
    socketio.emit(event, data, to=f"person:{person}")


def present(place: str) -> set[int]:
    """The people with a socket of this process in `place`."""
    with _lock:
        return {s.person for s in _sockets.values() if place in s.places}


def cut(person: int, session: int | None = None) -> None:
    """Ends the connections of a person (of one session, or all), in every process."""
    _end(person, session)
    cuts.tell(origin(), "end", person=person, session=session)


def recheck(person: int) -> None:
    """Takes a person out of every place that is closed to them now, in every process."""
    _recheck(person)
    cuts.tell(origin(), "person", person=person)


def recheck_place(place: str) -> None:
    """Takes everybody out of `place` who may not be there now, in every process: it was moved or hidden."""
    _recheck_place(place)
    cuts.tell(origin(), "place", place=place)


def _heard(cut: cuts.Cut) -> None:
    if cut.kind == "place" and cut.place:
        _recheck_place(cut.place)
    elif cut.person_id is not None:
        _end(cut.person_id, cut.session_id) if cut.kind == "end" else _recheck(cut.person_id)


def _of(person: int, session: int | None = None) -> list[Socket]:
    with _lock:
        return [s for s in _sockets.values() if s.person == person and session in (None, s.session)]


def _end(person: int, session: int | None) -> None:
    for socket in _of(person, session):
        _leave_all(socket, set(socket.places))
        socketio.server.disconnect(socket.sid, namespace="/")


def _recheck(person: int) -> None:
    mine = _of(person)
    asking = person_of(person) if mine else None
    for socket in mine:
        _leave_all(socket, {p for p in socket.places if asking is None or resolve(asking, p) is None})


def _recheck_place(place: str) -> None:
    for person in present(place):
        asking = person_of(person)
        if asking is None or resolve(asking, place) is None:
            for socket in _of(person):
                _leave_all(socket, {place} & socket.places)


def _leave_all(socket: Socket, places: set[str]) -> None:
    """Takes a socket out of places and tells it so."""
    for place in places:
        socketio.server.leave_room(socket.sid, room(place, socket.language), namespace="/")
        socket.places.discard(place)
        socketio.emit("gone", {"place": place}, to=socket.sid)
        _left(socket.person, place)


def count() -> int:
    """How many sockets this process holds."""
    return len(_sockets)
