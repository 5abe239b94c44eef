"""Statements that are asked all day: made and compiled once, and put straight to the driver.

SQLAlchemy's own way through its session, its cache and its results takes ten times as long as the database does for a
row or two (docs/decisions/0011). The words are still SQLAlchemy's, so both databases are asked alike.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection, Dialect
from sqlalchemy.exc import DBAPIError

from cop.base.db import current_connection, db, writing
from cop.base.fast.readers import readers

T = TypeVar("T")
listeners: list[Callable[[str], None]] = []  # told of every statement, for who counts them


@dataclass(frozen=True)
class CompiledShape:
    """A statement as the driver takes it, for lists of certain lengths, and how to read what it gives."""

    sql: str
    names: list[str] | None  # in order, where the driver takes values by position
    fixed: dict[str, Any]  # values that stand in the statement itself
    lists: dict[str, list[str]]  # list → the name of each of its items
    convert: dict[str, Callable[[Any], Any]]  # values that the driver does not take as they are
    row: Callable[[Any], Any]  # makes a named tuple
    converts: list[tuple[int, Callable[[Any], Any]]]  # columns that the driver does not give as they are

    def values(self, given: dict[str, Any]) -> Any:
        """The values as the driver takes them."""
        named = {**self.fixed, **given}
        for name, items in self.lists.items():
            named.update(zip(items, named.pop(name), strict=True))
        for name, convert in self.convert.items():
            named[name] = convert(named[name])
        return named if self.names is None else [named[name] for name in self.names]

    def read(self, found: list[Any]) -> list[Any]:
        """What the driver gave, as named tuples."""
        for at, row in enumerate(found if self.converts else ()):
            values = list(row)
            for n, convert in self.converts:
                if values[n] is not None:
                    values[n] = convert(values[n])
            found[at] = values
        return list(map(self.row, found))


class PreparedQuery:
    """A statement with named values, or what makes it once the database is known."""

    def __init__(self, statement: Any):
        self.make: Callable[[], Any] = statement if callable(statement) else lambda: statement
        self.shapes: dict[Any, CompiledShape] = {}

    def rows(self, **given: Any) -> list[Any]:
        """Asks; all rows, as named tuples."""

        def ask(cursor: Any, shape: CompiledShape) -> list[Any]:
            cursor.execute(shape.sql, shape.values(given))
            return shape.read(cursor.fetchall())

        return self._put(given, ask)

    def first(self, **given: Any) -> Any:
        """Asks; the first row, or None."""
        found = self.rows(**given)
        return found[0] if found else None

    def run(self, **given: Any) -> int:
        """Writes, in the running unit; how many rows it changed."""
        return self.each([given])

    def each(self, several: list[dict[str, Any]]) -> int:
        """Writes with each of these values, in the running unit; how many rows it changed."""
        assert writing.get(), "rows are written in a unit"
        if not several:
            return 0

        def write(cursor: Any, shape: CompiledShape) -> int:
            if len(several) == 1:
                cursor.execute(shape.sql, shape.values(several[0]))
            else:
                cursor.executemany(shape.sql, [shape.values(given) for given in several])
            return int(cursor.rowcount)

        return self._put(several[0], write)

    def _put(self, given: dict[str, Any], use: Callable[[Any, CompiledShape], T]) -> T:
        """What `use` makes of a cursor: on the connection of the running unit or session, else on one that only asks, for
        this time. (On PostgreSQL each turn costs a journey, so there the session's serves the whole request.)"""
        running, reader = current_connection.get(), None
        if running is not None:
            running.session.flush()
            driver, dialect = running.driver, running.dialect
        else:
            engine: Any = db.engine  # in tests one connection
            dialect = engine.dialect
            if isinstance(engine, Connection) or dialect.name != "sqlite" or _session_reads():
                driver = db.session.connection().connection.driver_connection
            else:
                at_rest = readers[engine]
                reader = at_rest.take(engine)
                driver = reader.driver
        shape = self._shape(dialect, given)
        for told in listeners:
            told(shape.sql)
        cursor = driver.cursor()
        try:
            return use(cursor, shape)
        except dialect.loaded_dbapi.Error as failure:  # it fails as with SQLAlchemy
            error = dialect.loaded_dbapi.Error
            raise DBAPIError.instance(shape.sql, None, failure, error, dialect=dialect) from failure
        finally:
            cursor.close()
            if reader is not None:
                at_rest.give(reader)

    def _shape(self, dialect: Dialect, given: dict[str, Any]) -> CompiledShape:
        key = (dialect.name, *[len(value) for value in given.values() if isinstance(value, list)])
        if key not in self.shapes:
            self.shapes[key] = _compile(self.make(), dialect, given)
        return self.shapes[key]


def _compile(statement: Any, dialect: Dialect, given: dict[str, Any]) -> CompiledShape:
    compiled = statement.compile(dialect=dialect)
    state = compiled.construct_expanded_state(given)
    binds = {name: compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect) for name in given}
    lists = {name: state.parameter_expansion[name] for name in given if name in (state.parameter_expansion or {})}
    items = {item for names in lists.values() for item in names}
    columns = statement.exported_columns if getattr(statement, "exported_columns", None) is not None else ()
    processors = [(n, c.type.dialect_impl(dialect).result_processor(dialect, None)) for n, c in enumerate(columns)]
    names = [column.key or f"_{n}" for n, column in enumerate(columns)]
    return CompiledShape(
        sql=state.statement,
        names=list(state.positiontup) if state.positiontup is not None else None,
        fixed={n: v for n, v in state.parameters.items() if n not in given and n not in items},
        lists=lists,
        convert={name: processor for name, processor in binds.items() if processor and name not in lists},
        # As `_make` of the named tuple does, without a step in Python for each row.
        row=partial(tuple.__new__, namedtuple("Row", names, rename=True)),  # type: ignore[misc]
        converts=[(n, processor) for n, processor in processors if processor is not None],
    )


def _session_reads() -> bool:
    """Whether the session of this request has begun to read: then everything is read as it was at that moment."""
    return db.session.registry.has() and db.session().in_transaction()
