"""The gunicorn worker of `cop run`: a request gets a thread when its head and small body have arrived.

gunicorn's own gthread worker gives a thread to a connection as soon as it is readable, so that a few hundred clients who
send half a request stop every page; and it drains a closing connection in the thread that accepts. This one buffers in
the selector thread, with deadlines and caps, and frees a connection that the wire has taken.
"""

from __future__ import annotations

import errno
import re
import resource
import selectors
import socket
import time
from collections import Counter, deque
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, Final

from gunicorn.workers.gthread import TConn, ThreadWorker

from cop.base.descriptors import at_most

READ_TIME: Final = 30.0  # seconds for the head and a small body, and for each read of a large one
LEAST_RATE: Final = 1024  # bytes per second of a large body, after READ_TIME
MOST_HEAD: Final = 64 * 1024  # bytes
MOST_BUFFERED: Final = 64 * 1024  # bytes of a body that are read before a thread is taken
LINGER: Final = 2.0  # seconds in which a closing client may read the rest of its response
PAUSE: Final = 0.2  # seconds without accepting after descriptors ran out
SHARE: Final = 2  # one address has at most this fraction of the connections: a half
LENGTH: Final = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,18})[ \t]*\r\n", re.IGNORECASE)
CHUNKED: Final = re.compile(rb"\r\ntransfer-encoding:[^\r]*chunked", re.IGNORECASE)
WAITS: Final = re.compile(rb"\r\nexpect:[ \t]*100-continue", re.IGNORECASE)


class TooSlow(ConnectionResetError):
    """A client sends a body below the least rate."""

    def __init__(self) -> None:
        super().__init__(errno.ECONNRESET, "body below the least rate")


class TimedSocket(socket.socket):
    """A client's socket whose blocking reads and writes have a deadline."""

    received = 0
    began = 0.0

    def setblocking(self, flag: bool) -> None:
        """Set a timeout instead of blocking for ever."""
        self.settimeout(READ_TIME if flag else 0.0)

    def begin(self) -> None:
        """Measure the rate from now on."""
        self.received, self.began = 0, time.monotonic()

    def recv(self, *args: Any) -> bytes:
        """Receive; raise TooSlow after a pause of READ_TIME or below LEAST_RATE."""
        try:
            data = super().recv(*args)
        except TimeoutError:
            raise TooSlow from None
        self.received += len(data)
        elapsed = time.monotonic() - self.began
        if self.began and elapsed > READ_TIME and self.received < elapsed * LEAST_RATE:
            raise TooSlow
        return data


class BufferingWorker(ThreadWorker):  # type: ignore[misc]
    """A gthread worker that cannot be stopped by slow or many clients."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        if soft < hard:
            with suppress(ValueError, OSError):
                resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        self.most = at_most(self.cfg.worker_connections)
        self.max_keepalived = self.most
        self.reading: dict[TConn, float] = {}  # by deadline: the head or small body is on its way
        self.lingering: dict[TConn, float] = {}  # by deadline: closed by us, not yet by the client
        self.large = 0  # requests whose body a thread reads; at most half of the threads do
        self.large_waiting: deque[TConn] = deque()
        self.by_address: Counter[str] = Counter()
        self.resume = 0.0  # when to accept again

    # Accepting

    def accept(self, listener: socket.socket) -> None:
        """Accept what waits, make room when there is none, and begin to read."""
        for _turn in range(64):
            try:
                accepted, address = listener.accept()
            except BlockingIOError:
                return
            except OSError as failure:
                if failure.errno in (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM):
                    self._drop_idle(16)
                    self.resume = time.monotonic() + PAUSE
                    self.set_accept_enabled(False)
                    return
                if failure.errno in (errno.ECONNABORTED, errno.EPERM, errno.EPROTO):
                    continue
                raise
            client = TimedSocket(accepted.family, accepted.type, accepted.proto, fileno=accepted.detach())
            self._admit(client, address, listener)

    def _admit(self, client: TimedSocket, address: Any, listener: socket.socket) -> None:
        who = address[0] if isinstance(address, tuple) else ""
        if self.nr_conns >= self.most:
            self._drop_idle(1)
        if self.nr_conns >= self.most or (who and self.by_address[who] >= max(self.most // SHARE, 32)):
            client.close()
            return
        self.nr_conns += 1
        self.by_address[who] += 1
        conn = TConn(self.cfg, client, address, listener.getsockname())
        conn.address, conn.head, conn.large = who, bytearray(), False
        self._await(conn)

    def _drop_idle(self, count: int) -> None:
        """Close the connections that have sent half a request for the longest time, then those kept alive."""
        for _turn in range(count):
            if self.reading:
                conn = next(iter(self.reading))
                self._stop_reading(conn)
            elif self.keepalived_conns:
                conn = self.keepalived_conns.popleft()
                with suppress(OSError, KeyError, ValueError):
                    self.poller.unregister(conn.sock)
            else:
                return
            self._gone(conn)

    def _gone(self, conn: TConn) -> None:
        """Close a connection and count it no more."""
        self.nr_conns -= 1
        self.by_address[conn.address] -= 1
        if self.by_address[conn.address] <= 0:
            del self.by_address[conn.address]
        with suppress(OSError):
            conn.sock.close()

    def _watch(self, conn: TConn, readable: Callable[[TConn, Any], None]) -> None:
        """Call `readable` when there is something to read."""
        call = partial(readable, conn)
        try:
            self.poller.register(conn.sock, selectors.EVENT_READ, call)
        except KeyError:  # the stock websocket closed a socket that lingered here, and this one got its number
            self.poller.unregister(conn.sock.fileno())
            self.poller.register(conn.sock, selectors.EVENT_READ, call)

    # Reading the head

    def _await(self, conn: TConn) -> None:
        """Read what is there; wait in the selector for the rest."""
        conn.sock.setblocking(False)
        if self._receive(conn):
            return
        self.reading[conn] = time.monotonic() + READ_TIME
        self._watch(conn, self._continue)

    def _continue(self, conn: TConn, _client: Any) -> None:
        deadline = self.reading.get(conn)
        if deadline is None:
            return
        self._stop_reading(conn)
        if not self._receive(conn):
            self.reading[conn] = deadline
            self._watch(conn, self._continue)

    def _stop_reading(self, conn: TConn) -> None:
        self.reading.pop(conn, None)
        with suppress(OSError, KeyError, ValueError):
            self.poller.unregister(conn.sock)

    def _receive(self, conn: TConn) -> bool:
        """Read once; return whether the selector has nothing more to do: served, or closed."""
        try:
            data = conn.sock.recv(MOST_HEAD)
        except (BlockingIOError, InterruptedError):
            return False
        except OSError:
            data = b""
        if not data:
            self._gone(conn)
            return True
        conn.head += data
        return self._dispatch(conn)

    def _dispatch(self, conn: TConn) -> bool:
        """Give a request a thread if enough of it has come; return whether it has."""
        come = progress(conn.head)
        if come == "partial":
            return False
        conn.large = come == "large"
        if conn.large and self.large >= max(self.cfg.threads // 2, 1):
            self.large_waiting.append(conn)
        else:
            self.large += conn.large
            self.enqueue_req(conn)
        return True

    def on_client_socket_readable(self, conn: TConn, client: Any) -> None:
        """Read the next request of a connection that was kept alive."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._await(conn)

    # Serving, in a thread of the pool

    def handle(self, conn: TConn) -> Any:
        """Serve the request whose head was read."""
        conn.init()
        conn.sock.begin()
        conn.data_ready = True
        if conn.head:
            conn.parser.unreader.unread(bytes(conn.head))
            conn.head.clear()
        return super().handle(conn)

    def _keepalive_after(self, conn: TConn, keepalive: Any) -> bool:
        """Keep a connection only if its body was read: nothing is drained in a thread."""
        return bool(keepalive and conn.parser.finish_body(deadline=time.monotonic() + 0.05))

    # Ending

    def finish_request(self, conn: TConn, served: Any) -> None:
        """Keep, close or forget a connection whose request was served."""
        if conn.large:
            self.large -= 1
            if self.large_waiting:
                self.large += 1
                self.enqueue_req(self.large_waiting.popleft())
        if conn.sock.fileno() == -1:  # the wire took it
            self._gone(conn)
            return
        keep = False
        with suppress(Exception):
            keep = bool(served.result())
        if not keep:
            self._linger(conn)
            return
        rest = conn.parser.unreader.take_buffered()
        if rest:  # the client sent its next request already
            conn.head += rest
            if not self._dispatch(conn):
                self._await(conn)
            return
        conn.sock.setblocking(False)
        conn.set_timeout()
        self.keepalived_conns.append(conn)
        self._watch(conn, self.on_client_socket_readable)

    def _linger(self, conn: TConn) -> None:
        """Send the end, and close once the client has (RFC 9112, section 9.6); in the selector, not in a thread."""
        try:
            conn.sock.setblocking(False)
            conn.sock.shutdown(socket.SHUT_WR)
            self._watch(conn, self._drain)
        except (OSError, KeyError, ValueError):
            self._gone(conn)
            return
        self.lingering[conn] = time.monotonic() + LINGER

    def _drain(self, conn: TConn, _client: Any) -> None:
        try:
            if conn.sock.recv(MOST_HEAD):
                return
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            pass
        self._end_linger(conn)

    def _end_linger(self, conn: TConn) -> None:
        if self.lingering.pop(conn, None) is not None:
            with suppress(OSError, KeyError, ValueError):
                self.poller.unregister(conn.sock)
            self._gone(conn)

    def murder_keepalived(self, force: bool = False) -> None:
        """Close the connections whose time is over."""
        now = time.monotonic()
        while self.keepalived_conns and (force or self.keepalived_conns[0].timeout <= now):
            conn = self.keepalived_conns.popleft()
            with suppress(OSError, KeyError, ValueError):
                self.poller.unregister(conn.sock)
            self._gone(conn)
        _close_expired(self.reading, now, force, self._expire)
        _close_expired(self.lingering, now, force, self._end_linger)

    def _expire(self, conn: TConn) -> None:
        self._stop_reading(conn)
        with suppress(OSError):
            conn.sock.send(b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
        self._gone(conn)

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        """Wait no longer than the pause in accepting lasts."""
        pause = self.resume - time.monotonic()
        super().wait_for_and_dispatch_events(timeout=min(timeout, pause) if pause > 0 else timeout)

    def set_accept_enabled(self, enabled: bool) -> None:
        """Accept again after a pause; at the cap too, as `accept` makes room."""
        wanted = self.alive and time.monotonic() >= self.resume
        super().set_accept_enabled(wanted if enabled or self.alive else False)


def _close_expired(waiting: dict[TConn, float], now: float, force: bool, close: Callable[[TConn], None]) -> None:
    for conn, deadline in list(waiting.items()):
        if deadline > now and not force:
            return
        close(conn)


def progress(head: bytearray) -> str:
    """Return how far a request has come: "partial", "whole" (its body too), or "large": a thread reads its body."""
    end = head.find(b"\r\n\r\n")
    if end < 0:
        return "partial" if len(head) <= MOST_HEAD else "whole"  # gunicorn refuses it
    received = len(head) - end - 4
    if WAITS.search(head, 0, end + 2):
        return "large"
    if CHUNKED.search(head, 0, end + 2):
        whole, short = head.endswith((b"\r\n0\r\n\r\n", b"\r\n\r\n0\r\n\r\n")), received <= MOST_BUFFERED
    else:
        length = LENGTH.search(head, 0, end + 2)
        wanted = int(length[1]) if length else 0
        whole, short = received >= wanted, wanted <= MOST_BUFFERED
    return "whole" if whole else "partial" if short else "large"


__all__ = ["BufferingWorker"]
