"""The database: engine, session and the few things in which SQLite and PostgreSQL differ."""

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
    DateTime,
    Dialect,
    Engine,
    MetaData,
    String,
    TypeDecorator,
    event,
    func,
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
    """An aware moment, kept as UTC without zone so that both databases order it alike."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        return value.replace(tzinfo=UTC) if value else None

    def result_processor(self, dialect: Any, coltype: Any) -> Any:
        """On SQLite in one step what would be three, for it is done for every row of every page."""
        if dialect.name != "sqlite":
            return super().result_processor(dialect, coltype)
        return lambda kept: datetime.fromisoformat(f"{kept}+00:00") if kept else None


class Base(DeclarativeBase):
    """The class under every model."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {
        datetime: UtcDateTime,
        dict: JSON,
        dict[str, Any]: JSON,
        list: JSON,
        list[Any]: JSON,
        list[str]: JSON,
        str: String,
    }


Model = TypeVar("Model", bound=Base)
db = SQLAlchemy(metadata=Base.metadata, session_options={"expire_on_commit": False})
writing: ContextVar[bool] = ContextVar("writing", default=False)
_writers = Lock()  # where the units of this process wait for each other


class CurrentConnection(NamedTuple):
    """What the running unit writes with."""

    driver: Any
    dialect: Dialect
    session: Session


current_connection: ContextVar[CurrentConnection | None] = ContextVar("held", default=None)


def open_database(app: Flask, url: str) -> None:
    """Binds the session to the database at `url` for this app."""
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    sqlite = url.startswith("sqlite")
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = (
        {"connect_args": {"timeout": 15, "check_same_thread": False}, "pool_size": 20, "max_overflow": 400}
        if sqlite
        else {"pool_pre_ping": True, "pool_size": 10, "max_overflow": 30}
    )
    db.init_app(app)
    with app.app_context():
        configure_engine(db.engine)


def configure_engine(engine: Engine) -> None:
    """Gives an SQLite engine its pragmas and explicit BEGIN; leaves another engine as it is."""
    if engine.dialect.name != "sqlite":
        return

    readers[engine] = Readers()
    event.listen(engine, "engine_disposed", readers[engine].close)

    @event.listens_for(engine, "connect")
    def connect(connection: sqlite3.Connection, record: Any) -> None:
        connection.isolation_level = None  # BEGIN is ours: the driver's own comes too late for IMMEDIATE
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
    def opened(connection: Any) -> None:
        # A deferred transaction that reads first and then writes is refused under load (SQLITE_BUSY_SNAPSHOT).
        # Said to the driver: SQLAlchemy's own way to say it takes longer than the questions that follow.
        driver = connection.connection.driver_connection
        begin = "BEGIN IMMEDIATE" if writing.get() else "BEGIN"
        try:
            driver.execute(begin)
        except sqlite3.Error as failure:
            raise OperationalError(begin, None, failure) from failure


def is_sqlite() -> bool:
    """Whether this app's database is SQLite."""
    return db.engine.dialect.name == "sqlite"


@contextmanager
def migration_lock() -> Iterator[None]:
    """Lets one process in at a time, the others wait: for migrations. Of SQLite there is one process to migrate."""
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
    """What SQLite finds wrong with its file, at most ten lines; `thorough` reads the indexes and foreign keys too.

    PostgreSQL keeps its own checksums, so there is nothing to ask.
    """
    if not is_sqlite():
        return []
    try:
        found = db.session.execute(text(f"PRAGMA {'integrity_check' if thorough else 'quick_check'}(10)")).scalars()
        lines = [_writers for _writers in found if _writers != "ok"]
        if thorough:
            lines += [
                f"row {row.rowid} of {row.table} refers to a row of {row.parent} that is not there"
                for row in db.session.execute(text("PRAGMA foreign_key_check")).fetchmany(10)
            ]
        return lines
    except (OperationalError, sqlite3.OperationalError):
        raise  # it is away or locked, which is no damage
    except (DatabaseError, sqlite3.DatabaseError) as failure:  # the second while a connection is made
        db.session.rollback()
        return [str(getattr(failure, "orig", failure))]


@contextmanager
def writer_lock() -> Iterator[None]:
    """One unit after the other, in the order of coming: SQLite itself has writers sleep and look again, so that the
    sleepers are overtaken. Another process stands in its line still."""
    if is_sqlite():
        with _writers:
            yield
    else:
        yield


def insert_of(model: type[Base]) -> Any:
    """An INSERT of `model` in the words of this database, which may say what to do when the row is there."""
    from sqlalchemy.dialects import postgresql, sqlite

    return (sqlite.insert if is_sqlite() else postgresql.insert)(model)


def upsert(model: type[Base], keys: dict[str, Any], values: dict[str, Any]) -> None:
    """Inserts a row of `model`, or sets `values` on the one that has `keys`; safe when two do so at once."""
    insert = insert_of(model).values(**keys, **values)
    if values:
        db.session.execute(insert.on_conflict_do_update(index_elements=list(keys), set_=values))
    else:
        db.session.execute(insert.on_conflict_do_nothing())


def advisory_lock(key: str) -> None:
    """Has another unit that holds the same key wait until this one ends; on SQLite units stand in line anyway."""
    if not is_sqlite():
        db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))
