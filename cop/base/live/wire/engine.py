"""The wire behind Engine.IO: connections leave their gunicorn thread after the handshake.

python-engineio has no public way to replace its websocket transport. `PRIVATE` lists the names of it that this module
uses; `check_names` fails at the start if a new version lacks one.
"""

from __future__ import annotations

import logging
import re
import socket
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Final

from engineio import packet
from engineio.exceptions import EngineIOError
from engineio.socket import Socket as EngineSocket

from cop.base import clock
from cop.base.live.wire.connection import Connection
from cop.base.live.wire.frames import accepted, message_frame
from cop.base.live.wire.loop import Loop

log = logging.getLogger(__name__)
HANDLERS: Final = 8  # threads that run the handlers of all sockets
SILENCE: Final = 10.0  # seconds in which a new client must join the namespace
EXPECTED: Final = re.compile("1|4.", re.DOTALL)  # Engine.IO: close, and a message with content
PING: Final = message_frame("2")
PRIVATE: Final = ("_send_ping", "_websocket_handler", "check_ping_timeout", "receive", "schedule_ping")


class ConnectionQueue:
    """The queue of packets that Engine.IO keeps for a socket; what is put in it is sent at once."""

    unfinished_tasks = 0

    def __init__(self, connection: Connection):
        self.connection = connection

    def put(self, one: packet.Packet | None) -> None:
        """Send a packet; None closes the connection."""
        if one is None:
            self.connection.close()
        else:
            self.connection.send(message_frame(one.encode()))

    def join(self) -> None:
        """Return: nothing waits here."""


def check_names() -> None:
    """Raise RuntimeError if Engine.IO lacks a private name that the wire needs."""
    missing = [name for name in PRIVATE if not hasattr(EngineSocket, name)]
    if missing:
        raise RuntimeError(f"python-engineio has no {', '.join(missing)}: set COP_TRANSPORT=stock")


class Wire:
    """The websocket transport of one Engine.IO server. It starts its threads at the first connection, after the fork."""

    def __init__(self, server: Any, stock: Any) -> None:
        check_names()
        self.server, self.stock = server, stock
        self._loop: Loop | None = None
        self._pool: ThreadPoolExecutor | None = None
        self._start_task = server.start_background_task
        server.start_background_task = self.start_task
        server._async = {**server._async, "websocket": partial(Handshake, self)}

    @property
    def loop(self) -> Loop:
        """The loop of this process."""
        if self._loop is None:
            self._loop = Loop()
        return self._loop

    @property
    def pool(self) -> ThreadPoolExecutor:
        """The threads that run event handlers."""
        if self._pool is None:
            self._pool = ThreadPoolExecutor(HANDLERS, thread_name_prefix="wire")
        return self._pool

    def start_task(self, target: Any, *args: Any, **kwargs: Any) -> Any:
        """Start a task of Engine.IO in a thread, but pings by the timer of the loop."""
        if getattr(target, "__func__", None) is EngineSocket._send_ping:
            self.loop.call_later(self.server.ping_interval, partial(self._ping, target.__self__))
            return None
        return self._start_task(target, *args, **kwargs)

    def _ping(self, engine: Any) -> None:
        if not engine.closing and not engine.closed and isinstance(engine.queue, ConnectionQueue):
            engine.last_ping = clock.epoch()
            engine.queue.connection.write(PING)

    def take(self, engine: Any, sock: socket.socket, key: str, admission: Any) -> None:
        """Make a connection of an accepted upgrade; the admission says what it may send, and is released at its end."""
        connection = Connection(
            sock,
            self.loop,
            self.pool,
            on_message=partial(self._receive, engine),
            on_pong=engine.schedule_ping,
            on_end=partial(self._end, engine, admission.release),
            binary_cap=lambda: admission.binary_cap,
        )
        waiting = engine.queue
        engine.queue = ConnectionQueue(connection)
        engine.connected = engine.upgraded = True
        first = []
        while not waiting.empty():
            one = waiting.get_nowait()
            if one is not None:
                first.append(message_frame(one.encode()))
        connection.open(accepted(key), first)
        self.loop.call_later(SILENCE, connection.cut_if_silent)

    def _receive(self, engine: Any, message: str | bytes) -> None:
        if isinstance(message, str) and not EXPECTED.match(message):
            engine.queue.connection.close()
            return
        try:
            engine.receive(packet.Packet(encoded_packet=message))
        except EngineIOError:
            engine.queue.connection.close()
        except Exception:
            log.exception("a message of a socket")
            engine.queue.connection.close()

    def _end(self, engine: Any, on_end: Callable[[], None]) -> None:
        try:
            engine.close(wait=False, abort=True, reason=self.server.reason.TRANSPORT_CLOSE)
        except Exception:
            log.exception("the end of a socket")
        finally:
            self.server.sockets.pop(engine.sid, None)
            on_end()


class Handshake:
    """The answer to one websocket upgrade; Engine.IO makes one per request."""

    def __init__(self, wire: Wire, handler: Any, server: Any) -> None:
        self.wire, self.handler, self.server = wire, handler, server

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Take the connection out of gunicorn, or serve it as usual under another server."""
        from_gunicorn = environ.get("gunicorn.socket")
        if from_gunicorn is None or not hasattr(from_gunicorn, "detach"):
            served: Iterable[bytes] = self.wire.stock(self.handler, self.server)(environ, start_response)
            return served
        sock = socket.socket(fileno=from_gunicorn.detach())
        admission = environ["cop.admission"]
        self.wire.take(self.handler.__self__, sock, environ["HTTP_SEC_WEBSOCKET_KEY"], admission)
        admission.taken = True
        raise StopIteration  # gunicorn ends the request here without a response
