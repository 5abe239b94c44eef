"""Read-only connections to an SQLite file that are kept open outside the pool."""

from __future__ import annotations

from collections import deque
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, PoolProxiedConnection


class Reader(NamedTuple):
    """A connection of the driver, and the pool's connection it comes from."""

    driver: Any
    pooled: PoolProxiedConnection


class Readers:
    """The idle read-only connections of one engine, each used for one query at a time.

    The pool takes longer to check a connection out and in again than a query takes.
    """

    def __init__(self) -> None:
        # Last in, first out: the connection that was used last has the pages in its cache.
        self.idle: deque[Reader] = deque()

    def take(self, engine: Engine) -> Reader:
        """Return a connection that nobody else uses until it is given back."""
        try:
            return self.idle.pop()
        except IndexError:
            pooled = engine.raw_connection()
            return Reader(pooled.driver_connection, pooled)

    def give(self, reader: Reader) -> None:
        """Give a connection back."""
        self.idle.append(reader)

    def close(self, _engine: Engine) -> None:
        """Close the idle connections, when the engine is disposed."""
        while self.idle:
            _driver, pooled = self.idle.pop()
            pooled.detach()  # otherwise it returns to the pool, open
            pooled.close()


readers: WeakKeyDictionary[Engine, Readers] = WeakKeyDictionary()
