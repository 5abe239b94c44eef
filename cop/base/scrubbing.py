"""Scrubbing: what was deleted is overwritten in the files of the database, where it would otherwise stay readable."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import text

from cop.base.action import transaction
from cop.base.db import db, is_sqlite, writer_lock

_before: list[Callable[[], None]] = []


def before_scrub(merge: Callable[[], None]) -> Callable[[], None]:
    """Call the function in a transaction before scrubbing: it drops what an index of a feature keeps of deleted words."""
    _before.append(merge)
    return merge


def scrub() -> None:
    """Rewrite the files of the database without what was deleted; raise RuntimeError while a reader keeps the old ones.

    SQLite is rewritten as a whole, and its write-ahead log is emptied: a second for each 100 MB, in which writers wait. On
    PostgreSQL deleted rows are removed from the tables; its own write-ahead log and backups are kept by who runs it.
    """
    with transaction():
        for merge in _before:
            merge()
    db.session.remove()
    if not is_sqlite():
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM"))
        return
    with writer_lock():
        lent = db.engine.raw_connection()
        try:
            driver: Any = lent.driver_connection
            driver.execute("VACUUM")
            (busy, *_pages) = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            lent.close()
    if busy:
        raise RuntimeError("a reader keeps the write-ahead log of before the scrub")
