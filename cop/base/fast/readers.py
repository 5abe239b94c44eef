"""Read-only connections to an SQLite file that are kept open beside the pool."""

from __future__ import annotations

from collections import deque
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, PoolProxiedConnection


class Reader(NamedTuple):
    """A connection of the driver, and that of the pool from which it comes."""

    driver: Any
    lent: PoolProxiedConnection


class Readers:
    """Connections to an SQLite file that only ask, one question at a time: the pool takes longer to lend one, and to
    make sure that it was given back clean, than the question takes."""

    def __init__(self) -> None:
        # The one that asked last, whose pages are warm, goes first.
        self.at_rest: deque[Reader] = deque()

    def take(self, engine: Engine) -> Reader:
        """A connection that nobody else uses until it is given back."""
        try:
            return self.at_rest.pop()
        except IndexError:
            lent = engine.raw_connection()
            return Reader(lent.driver_connection, lent)

    def give(self, reader: Reader) -> None:
        """Puts it at rest."""
        self.at_rest.append(reader)

    def close(self, _engine: Engine) -> None:
        """Lets go of the file, when the engine does."""
        while self.at_rest:
            _driver, lent = self.at_rest.pop()
            lent.detach()  # else it goes back to the pool, open
            lent.close()


readers: WeakKeyDictionary[Engine, Readers] = WeakKeyDictionary()
