"""The Socket.IO server: websocket only, one origin, authenticated sessions only."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from typing import Any

from flask import Flask, current_app, request
from flask_socketio import join_room

from cop.base import words
from cop.base.db import db
from cop.base.descriptors import at_most
from cop.base.hooks import hooks
from cop.base.live import revocations
from cop.base.live.admission import admitting
from cop.base.live.places import announce_left
from cop.base.live.protocol import HardenedWebSocket, StrictPacket, log
from cop.base.live.sockets import Socket, handle, socketio, sockets
from cop.base.live.wire import Broadcaster, RedisBroadcaster, Wire
from cop.base.web.guards import SecurityHeaders
from cop.config import Misconfigured


def open_live(app: Flask) -> None:
    """Start Socket.IO on the app: websocket only, one origin only."""
    settings = app.config["COP"]
    if settings.redis_url and find_spec("redis") is None:  # Socket.IO would only log it
        raise Misconfigured("COP_REDIS_URL needs the extra 'redis': pip install 'cop[redis]'")
    origins = [settings.base_url] if settings.mode != "development" else [settings.base_url, "http://localhost:8000"]
    pages = app.wsgi_app
    socketio.init_app(
        app,
        async_mode="threading",
        transports=["websocket"],
        manage_session=False,
        cors_allowed_origins=origins,
        client_manager=RedisBroadcaster(settings.redis_url, channel="flask-socketio")
        if settings.redis_url
        else Broadcaster(),
        async_handlers=settings.transport == "stock",  # the wire handles the events of a socket in order
        max_http_buffer_size=64 * 1024,
        ping_interval=25,
        ping_timeout=20,
        serializer=StrictPacket,
        logger=False,
        engineio_logger=log,
    )
    engine = socketio.server.eio
    if settings.transport == "stock":
        engine._async = {**engine._async, "websocket": HardenedWebSocket}  # Engine.IO has no public way to set it
    else:
        app.extensions["wire"] = Wire(engine, HardenedWebSocket)
    # Refusals have no headers of their own; they contain no page, so nothing may load.
    live = SecurityHeaders(
        admitting(app, app.wsgi_app, origins, at_most(int(settings.sockets))),
        settings.secure,
        lambda: "default-src 'none'; frame-ancestors 'none'",
    )

    def route(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        # Engine.IO's own fall-through copies the environment and creates a class per request.
        chosen = live if environ["PATH_INFO"].startswith("/socket.io/") else pages
        return chosen(environ, start_response)

    app.wsgi_app = route  # type: ignore[method-assign]


@functools.cache  # once per process, and only after gunicorn has forked: a thread does not survive a fork
def _watch_credentials() -> None:
    revocations.watch(current_app._get_current_object())  # type: ignore[attr-defined]


@handle("connect")
def _connect(auth: Any = None) -> bool | None:
    _watch_credentials()
    token = auth.get("token") if isinstance(auth, dict) else None
    if token is not None:
        request.environ["HTTP_AUTHORIZATION"] = f"Bearer {token}"
    found = hooks().authenticate()
    if found is None:
        return False
    person, session = found
    admission = request.environ.get("cop.admission")  # none under a test client
    if admission and person.id != admission.person:
        return False
    language = person.language if person.language in words.LANGUAGES else words.SOURCE
    sid: str = request.sid  # type: ignore[attr-defined]
    sockets.add(Socket(sid, person.id, session, language, hooks().expiry(session), admission=admission))
    join_room(f"person:{person.id}")
    db.session.remove()
    return None


@handle("disconnect")
def _disconnect(*_reason: Any) -> None:
    socket = sockets.remove(request.sid)  # type: ignore[attr-defined]
    if socket is not None:
        for place in list(socket.places):
            announce_left(socket.person, place)
