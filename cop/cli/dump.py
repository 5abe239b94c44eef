"""Consistent copies of the whole database while others write, by SQLite's backup API or by pg_dump."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, create_engine, inspect, text

from cop.base.db import db, is_sqlite


class Failed(Exception):
    """A copy could not be made or restored; the message says why."""


def kind() -> str:
    """Return `sqlite` or `postgresql`."""
    return db.engine.dialect.name


def is_empty() -> bool:
    """Return whether this database has no tables."""
    return not inspect(db.engine).get_table_names()


@contextmanager
def copy(to: Path) -> Iterator[Connection]:
    """Copy the database to `to`, and yield a connection that sees exactly what was copied."""
    if is_sqlite():
        _copy_sqlite(to)
        engine = create_engine(f"sqlite:///{to}")
        with engine.connect() as connection:
            yield connection
        engine.dispose()
    else:
        with db.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
            snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
            _postgres("pg_dump", "--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={to}")
            yield connection


def _copy_sqlite(to: Path) -> None:
    with closing(sqlite3.connect(_path())) as source, closing(sqlite3.connect(to)) as target:
        try:
            source.backup(target)  # in one step: what commits meanwhile is not in it, and waits for nothing
            found = target.execute("PRAGMA quick_check(1)").fetchone()[0]
        except sqlite3.DatabaseError as failure:
            found = str(failure)
        if found != "ok":
            raise Failed(f"the database is damaged ({found}); a backup of it would be worth nothing")


def put_back(copied: Path) -> None:
    """Replace the empty database of this app by the file `copied`, completely or not at all; the file is gone then."""
    db.session.remove()
    db.engine.dispose()
    if is_sqlite():
        for suffix in ("-wal", "-shm"):  # of the empty database that stood there
            Path(f"{_path()}{suffix}").unlink(missing_ok=True)
        shutil.move(copied, _path())
    else:
        _postgres("pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", str(copied))


def _path() -> str:
    return str(db.engine.url.database)


def _postgres(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs on this database; the password is not on its command line."""
    found = shutil.which(program)
    if found is None:
        raise Failed(f"{program} is not on the PATH; install the PostgreSQL client of the server's version")
    url: URL = db.engine.url
    address = url.set(drivername="postgresql", password=None).render_as_string()
    secret = {"PGPASSWORD": str(url.password)} if url.password else {}
    ran = subprocess.run(
        [found, f"--dbname={address}", *arguments], env={**os.environ, **secret}, capture_output=True, text=True
    )
    if ran.returncode != 0:
        raise Failed(f"{program}: {ran.stderr.strip()[-1000:]}")
