"""Questions: statements that every page asks, compiled once and put straight to the driver.

SQLAlchemy's own way through its session, its cache and its results takes ten times as long as the database does for a
row or two (docs/decisions/0011). The words are still SQLAlchemy's, so both databases are asked alike.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, Select
from sqlalchemy.exc import DBAPIError

from cop.base.db import db, is_sqlite, writing

Convert = Callable[[Any], Any] | None
listeners: list[Callable[[str], None]] = []  # told of every statement, for who counts them


@dataclass(frozen=True)
class Shape:
    """A statement as the driver takes it, for lists of certain lengths."""

    sql: str
    names: list[str] | None  # in order, where the driver takes values by position
    fixed: dict[str, Any]  # values that stand in the statement itself
    lists: dict[str, list[str]]  # list → the name of each of its items
    convert: dict[str, Callable[[Any], Any]]  # values that the driver does not take as they are

    def values(self, given: dict[str, Any]) -> Any:
        """The values as the driver takes them."""
        named = {**self.fixed, **given}
        for name, items in self.lists.items():
            named.update(zip(items, named.pop(name), strict=True))
        for name, convert in self.convert.items():
            named[name] = convert(named[name])
        return named if self.names is None else [named[name] for name in self.names]


class Question:
    """A SELECT with named values; `rows` and `first` ask it."""

    def __init__(self, statement: Select[Any]):
        self.statement = statement
        self.shapes: dict[Any, Shape] = {}
        self.converts: dict[str, list[tuple[int, Callable[[Any], Any]]]] = {}
        names = [column.key or f"_{n}" for n, column in enumerate(statement.selected_columns)]
        self.row: Any = namedtuple("Row", names, rename=True)  # type: ignore[misc]

    def rows(self, **given: Any) -> list[Any]:
        """All rows, as named tuples."""
        with _driver() as (driver, dialect):
            shape = self._shape(dialect, given)
            for told in listeners:
                told(shape.sql)
            cursor = driver.cursor()
            try:
                cursor.execute(shape.sql, shape.values(given))
                found = cursor.fetchall()
            except dialect.loaded_dbapi.Error as failure:
                raise DBAPIError.instance(
                    shape.sql, None, failure, dialect.loaded_dbapi.Error, dialect=dialect
                ) from failure
            finally:
                cursor.close()
        converts = self._converts(dialect)
        if not converts:
            return [self.row._make(row) for row in found]
        made = []
        for row in found:
            values = list(row)
            for n, convert in converts:
                values[n] = convert(values[n])
            made.append(self.row._make(values))
        return made

    def first(self, **given: Any) -> Any:
        """The first row, or None."""
        found = self.rows(**given)
        return found[0] if found else None

    def _shape(self, dialect: Dialect, given: dict[str, Any]) -> Shape:
        key = (dialect.name, *[len(value) for value in given.values() if isinstance(value, list)])
        if key not in self.shapes:
            compiled = self.statement.compile(dialect=dialect)
            state = compiled.construct_expanded_state(given)
            lists = {name: state.parameter_expansion[name] for name, value in given.items() if isinstance(value, list)}
            items = {item for names in lists.values() for item in names}
            self.shapes[key] = Shape(
                state.statement,
                list(state.positiontup) if state.positiontup is not None else None,
                {n: v for n, v in state.parameters.items() if n not in given and n not in items},
                lists,
                {n: c for n, c in state.processors.items() if n in given},
            )
        return self.shapes[key]

    def _converts(self, dialect: Dialect) -> list[tuple[int, Callable[[Any], Any]]]:
        if dialect.name not in self.converts:
            columns = enumerate(self.statement.selected_columns)
            processors = [(n, c.type.dialect_impl(dialect).result_processor(dialect, None)) for n, c in columns]
            self.converts[dialect.name] = [(n, processor) for n, processor in processors if processor is not None]
        return self.converts[dialect.name]


@contextmanager
def _driver() -> Iterator[tuple[Any, Dialect]]:
    """The driver's connection: of the session while it is in a transaction, else one of the pool for this question.

    On PostgreSQL each turn costs a journey, so there the session's serves the whole request.
    """
    engine: Engine | Connection = db.engine
    session = db.session() if db.session.registry.has() else None
    if session is not None and writing.get():
        session.flush()
    if isinstance(engine, Connection) or not is_sqlite() or (session is not None and session.in_transaction()):
        yield db.session.connection().connection.driver_connection, engine.dialect
        return
    pooled = engine.raw_connection()
    try:
        yield pooled.driver_connection, engine.dialect
    finally:
        pooled.close()
