"""A database on disk for what was read of a source, so that an archive of any size fits; it goes with its process."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

BATCH = 1_000


class Staging:
    """Tables without a name on disk: even a killed process leaves nothing of the archive behind."""

    def __init__(self, folder: Path, schema: str):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, path = tempfile.mkstemp(prefix="import-", dir=folder)
        os.close(handle)
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.execute("PRAGMA journal_mode=OFF")
        self.connection.execute("PRAGMA synchronous=OFF")
        self.connection.execute("PRAGMA temp_store=FILE")
        self.connection.executescript(schema)
        os.unlink(path)

    def add(self, table: str, rows: Iterable[Sequence[Any]]) -> None:
        """Insert rows, or replace those with the same key."""
        rows = iter(rows)
        while batch := list(islice(rows, BATCH)):
            marks = ", ".join("?" * len(batch[0]))
            self.connection.execute("BEGIN")
            self.connection.executemany(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", batch)
            self.connection.execute("COMMIT")

    def rows(self, sql: str, *given: Any) -> list[tuple[Any, ...]]:
        """Return all rows of a query."""
        return self.connection.execute(sql, given).fetchall()

    def first(self, sql: str, *given: Any) -> tuple[Any, ...] | None:
        """Return the first row of a query."""
        found: tuple[Any, ...] | None = self.connection.execute(sql, given).fetchone()
        return found

    def run(self, sql: str, *given: Any) -> None:
        """Execute a statement."""
        self.connection.execute(sql, given)

    def close(self) -> None:
        """Free the disk."""
        self.connection.close()
