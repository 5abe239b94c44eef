"""The loop: one thread that reads and writes every websocket of the process, and runs timers."""

from __future__ import annotations

import heapq
import itertools
import logging
import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from typing import Protocol

log = logging.getLogger(__name__)


class Selectable(Protocol):
    """A connection that the loop watches."""

    sock: socket.socket

    def ready(self, events: int) -> None:
        """Read and write what can be without blocking."""

    def write(self, frame: bytes) -> None:
        """Write a frame, or keep it until the socket takes it."""


class Loop:
    """A selector thread. `call`, `call_later` and `broadcast` may be used from any thread; the rest runs in the loop."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._tasks: deque[Callable[[], None]] = deque()
        self._timers: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._waker, self._wake = socket.socketpair()
        self._waker.setblocking(False)
        self._wake.setblocking(False)
        self._selector.register(self._waker, selectors.EVENT_READ)
        self._awake = False
        self._ended = False
        self._thread = threading.Thread(target=self._run, name="wire", daemon=True)
        self._thread.start()

    def call(self, task: Callable[[], None]) -> None:
        """Run `task` in the loop; tasks run in the order in which they were given."""
        self._tasks.append(task)
        if not self._awake:
            self._awake = True
            with suppress(BlockingIOError):  # a full pipe wakes it too
                self._wake.send(b"\0")

    def call_later(self, seconds: float, task: Callable[[], None]) -> None:
        """Run `task` in the loop after this many seconds."""
        at = time.monotonic() + seconds
        self.call(lambda: heapq.heappush(self._timers, (at, next(self._order), task)))

    def broadcast(self, frame: bytes, connections: Iterable[Selectable]) -> None:
        """Write one frame to every connection."""
        targets = list(connections)

        def write() -> None:
            for connection in targets:
                connection.write(frame)

        self.call(write)

    def watch(self, connection: Selectable, events: int) -> None:
        """Call the connection for these events of its socket; for none when they are 0."""
        if not events:
            self.forget(connection)
            return
        try:
            self._selector.modify(connection.sock, events, connection)
        except KeyError:
            self._selector.register(connection.sock, events, connection)

    def forget(self, connection: Selectable) -> None:
        """Stop watching a connection."""
        with suppress(KeyError, ValueError):
            self._selector.unregister(connection.sock)

    def end(self) -> None:
        """Stop the thread after the tasks that were given."""
        self.call(self._stop)
        self._thread.join(timeout=5)

    def _stop(self) -> None:
        self._ended = True

    def _run(self) -> None:
        while not self._ended:
            try:
                self._turn()
            except Exception:
                log.exception("wire")

    def _turn(self) -> None:
        for key, events in self._selector.select(self._until_timer()):
            if key.data is None:
                with suppress(BlockingIOError):
                    self._waker.recv(4096)
            else:
                _run_guarded(partial(key.data.ready, events))
        self._awake = False  # before the tasks: one that is added now wakes the loop again
        while self._tasks:
            _run_guarded(self._tasks.popleft())
        now = time.monotonic()
        while self._timers and self._timers[0][0] <= now:
            _run_guarded(heapq.heappop(self._timers)[2])

    def _until_timer(self) -> float | None:
        if self._tasks:
            return 0
        return max(0.0, self._timers[0][0] - time.monotonic()) if self._timers else None


def _run_guarded(task: Callable[[], None]) -> None:
    """Run a task; log what it raises, so that one connection cannot end the loop."""
    try:
        task()
    except Exception:
        log.exception("wire")
