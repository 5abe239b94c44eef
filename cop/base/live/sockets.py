"""The sockets of this process and the places they have joined."""

from __future__ import annotations

import functools
import os
import secrets
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any, TypeVar, cast

from flask_socketio import SocketIO

Handler = TypeVar("Handler", bound=Callable[..., Any])
RATE = 100  # events per ten seconds and socket
SOCKETS_PER_PERSON = 10


@dataclass
class Socket:
    """One connection: its person, session (negative: its API token), language and places."""

    sid: str
    person: int
    session: int
    language: str
    expires: datetime | None = None  # when its session or token ends
    places: set[str] = field(default_factory=set)
    admission: Any = None  # of its connection (admission.py); none under a test client
    event_times: list[float] = field(default_factory=list)

    def is_throttled(self) -> bool:
        """Count an event; return whether the socket sent more than RATE events in ten seconds."""
        now = time.monotonic()
        self.event_times = [at for at in self.event_times if now - at < 10] + [now]
        return len(self.event_times) > RATE


class Sockets:
    """The registry of sockets; every method may be called from any thread."""

    def __init__(self) -> None:
        self._by_sid: dict[str, Socket] = {}
        self._connections: Counter[int] = Counter()  # by person, from the handshake to the end
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._by_sid)

    def get(self, sid: str) -> Socket | None:
        """Return a socket by its Socket.IO id."""
        return self._by_sid.get(sid)

    def reserve(self, person: int, most: int) -> int:
        """Count a connection of a person, of at most `most` in this process; return 0, or the HTTP status of a refusal."""
        with self._lock:
            if self._connections[person] >= SOCKETS_PER_PERSON:
                return 429
            if self._connections.total() >= most:
                return 503
            self._connections[person] += 1
            return 0

    def release(self, person: int) -> None:
        """Stop counting a connection of a person."""
        with self._lock:
            self._connections[person] -= 1
            if not self._connections[person]:
                del self._connections[person]

    def add(self, socket: Socket) -> None:
        """Register a socket."""
        with self._lock:
            self._by_sid[socket.sid] = socket

    def remove(self, sid: str) -> Socket | None:
        """Unregister a socket and return it."""
        with self._lock:
            return self._by_sid.pop(sid, None)

    def of(self, person: int, session: int | None = None) -> list[Socket]:
        """Return the sockets of a person, or of one session of theirs."""
        with self._lock:
            return [s for s in self._by_sid.values() if s.person == person and session in (None, s.session)]

    def expired(self, now: datetime) -> list[Socket]:
        """Return the sockets whose session or token has expired."""
        with self._lock:
            return [s for s in self._by_sid.values() if s.expires is not None and s.expires <= now]

    def joined(self, place: str) -> list[Socket]:
        """Return the sockets that have joined `place`."""
        with self._lock:
            return [s for s in self._by_sid.values() if place in s.places]


socketio = SocketIO()
sockets = Sockets()


def handle(event: str) -> Callable[[Handler], Handler]:
    """Call the function for a Socket.IO event; Flask-SocketIO's own decorator has no types."""
    return cast("Callable[[Handler], Handler]", socketio.on(event))


@functools.cache
def process_name() -> str:
    """Return the name of this process among those that share the database; drawn after the fork."""
    return f"{os.getpid()}-{secrets.token_hex(4)}"


def socket_count() -> int:
    """Return how many sockets this process holds."""
    return len(sockets)
