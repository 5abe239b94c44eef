"""The database: engine, session, and the differences between SQLite and PostgreSQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from threading import Lock
from typing import Any, NamedTuple, TypeVar

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    Connection,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    String,
    TypeDecorator,
    event,
    func,
    inspect,
    select,
    text,
)
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session

from cop.base.fast.readers import Readers, readers

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, stored as UTC without a zone so that both databases sort it alike."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        return value.replace(tzinfo=UTC) if value else None

    def result_processor(self, dialect: Any, coltype: Any) -> Any:
        """Convert in one step on SQLite instead of three: it is done for every row of every page."""
        if dialect.name != "sqlite":
            return super().result_processor(dialect, coltype)
        return lambda stored: datetime.fromisoformat(f"{stored}+00:00") if stored else None


class Base(DeclarativeBase):
    """Base class of all models."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {
        datetime: UtcDateTime,
        dict: JSON,
        dict[str, Any]: JSON,
        dict[str, str]: JSON,
        list: JSON,
        list[Any]: JSON,
        list[str]: JSON,
        str: String,
    }


Model = TypeVar("Model", bound=Base)
db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})
writing: ContextVar[bool] = ContextVar("writing", default=False)
_writers = Lock()  # taken by one transaction of this process after the other


class CurrentConnection(NamedTuple):
    """The connection of the running transaction."""

    driver: Any
    dialect: Dialect
    session: Session


current_connection: ContextVar[CurrentConnection | None] = ContextVar("current_connection", default=None)


def current_session() -> Session:
    """Return the session of this request; in a transaction without the look-up, which is done dozens of times there."""
    running = current_connection.get()
    return running.session if running is not None else db.session()


def end_reading() -> None:
    """End the transaction that was opened by reading, if there is one: it would keep what it read, and a connection."""
    if (session := db.session()).in_transaction():
        session.rollback()


def open_database(app: Flask, url: str) -> None:
    """Bind the session of this app to the database at `url`."""
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    sqlite = url.startswith("sqlite")
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = (
        {
            "connect_args": {"timeout": 15, "check_same_thread": False},
            "pool_size": 20,
            "max_overflow": 400,
            "pool_use_lifo": True,
        }
        if sqlite
        else {"pool_pre_ping": True, "pool_size": 10, "max_overflow": 30}
    )
    db.init_app(app)
    with app.app_context():
        configure_engine(db.engine)


def configure_engine(engine: Engine) -> None:
    """Set the pragmas and explicit BEGIN of an SQLite engine; leave any other engine as it is."""
    if engine.dialect.name != "sqlite":
        return

    readers[engine] = Readers()
    event.listen(engine, "engine_disposed", readers[engine].close)

    @event.listens_for(engine, "connect")
    def connect(connection: sqlite3.Connection, record: Any) -> None:
        connection.isolation_level = None  # we send BEGIN: the driver's own comes too late for IMMEDIATE
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=15000",
            "secure_delete=ON",
            "cache_size=-4000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A deferred transaction that reads first and then writes fails under load (SQLITE_BUSY_SNAPSHOT).
        # Sent to the driver: SQLAlchemy's own way takes longer than the queries that follow.
        driver: Any = connection.connection.driver_connection
        statement = "BEGIN IMMEDIATE" if writing.get() else "BEGIN"
        try:
            driver.execute(statement)
        except sqlite3.Error as failure:
            raise OperationalError(statement, None, failure) from failure


def is_sqlite() -> bool:
    """Return whether this app's database is SQLite."""
    return db.engine.dialect.name == "sqlite"


@contextmanager
def migration_lock() -> Iterator[None]:
    """Hold the lock of migrations, which one process has at a time; SQLite needs none, for one process migrates it."""
    if is_sqlite():
        yield
        return
    with db.engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(hashtext('cop migrate'))"))
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(hashtext('cop migrate'))"))


def integrity_errors(thorough: bool = False) -> list[str]:
    """Return what SQLite finds wrong with its file, at most ten lines; `thorough` checks indexes and foreign keys too.

    PostgreSQL verifies its own checksums, so the list is empty there.
    """
    if not is_sqlite():
        return []
    try:
        found = db.session.execute(text(f"PRAGMA {'integrity_check' if thorough else 'quick_check'}(10)")).scalars()
        lines = [line for line in found if line != "ok"]
        if thorough:
            lines += [
                f"row {row.rowid} of {row.table} refers to a row of {row.parent} that is not there"
                for row in db.session.execute(text("PRAGMA foreign_key_check")).fetchmany(10)
            ]
        return lines
    except (OperationalError, sqlite3.OperationalError):
        raise  # unreachable or locked, which is no damage
    except (DatabaseError, sqlite3.DatabaseError) as failure:  # the second while a connection is made
        db.session.rollback()
        return [str(getattr(failure, "orig", failure))]


@contextmanager
def writer_lock() -> Iterator[None]:
    """Hold the lock that makes transactions of this process write in the order in which they came.

    SQLite lets a waiting writer sleep and try again, so that later ones overtake it; between processes that remains so.
    """
    if is_sqlite():
        with _writers:
            yield
    else:
        yield


def insert_of(model: type[Base]) -> Any:
    """Return the INSERT of `model` in this database's dialect, which supports ON CONFLICT."""
    from sqlalchemy.dialects import postgresql, sqlite

    return (sqlite.insert if is_sqlite() else postgresql.insert)(model)


def upsert(model: type[Base], keys: dict[str, Any], values: dict[str, Any], **options: Any) -> None:
    """Insert a row of `model`, or set `values` on the one that has `keys`; safe when two do so at once.

    options: execution options of the statement.
    """
    insert = insert_of(model).values(**keys, **values)
    if values:
        insert = insert.on_conflict_do_update(index_elements=list(keys), set_=values)
    else:
        insert = insert.on_conflict_do_nothing()
    db.session.execute(insert, execution_options=options)


def lock_row(row: Base) -> None:
    """Lock a row and read it again, so that of two transactions at once the second sees what the first did."""
    table = inspect(type(row)).local_table
    session = current_session()
    session.flush()
    session.execute(select(table.c.id).where(table.c.id == row.id).with_for_update())  # type: ignore[attr-defined]
    session.refresh(row)


def advisory_lock(key: str) -> None:
    """Lock `key` until the transaction ends; SQLite needs no lock, for it has one writer at a time."""
    if not is_sqlite():
        db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))
