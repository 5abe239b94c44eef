"""Alembic's environment: migrations run inside the app, on its own engine."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import context
from sqlalchemy import Connection

from cop.base.db import db, writing
from cop.cli.migrate import options


@contextmanager
def rebuilding(connection: Connection) -> Iterator[None]:
    """Switch the foreign keys of SQLite off, so that a table can be dropped and renamed without touching the rows that
    refer to it. SQLite ignores the pragma inside a transaction, so it is sent before the first one."""
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        connection.rollback()  # of a migration that failed
        driver.execute("PRAGMA foreign_keys=ON")


def refuse_broken(*, ctx: Any, **_applied: Any) -> None:
    """Raise, within the transaction of a migration, unless every row of SQLite refers to rows that are there."""
    if ctx.connection.dialect.name == "sqlite":
        broken = ctx.connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(10)
        if broken:
            raise RuntimeError(f"rows that refer to nothing: {broken}")


mark = writing.set(True)  # one writer from the first statement on, so that two that start at once wait for each other
try:
    with db.engine.connect() as connection, rebuilding(connection):
        # Alembic commits each step on SQLite, unless told that a transaction there undoes changes of tables too.
        context.configure(connection=connection, **options(), on_version_apply=refuse_broken, transactional_ddl=True)
        with connection.begin(), context.begin_transaction():
            context.run_migrations()
finally:
    writing.reset(mark)
