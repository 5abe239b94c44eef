"""Prepared statements: compiled once, executed straight on the driver's connection.

SQLAlchemy's session, statement cache and results take ten times as long as the database does for a row or two
(docs/decisions/0011).
"""

from __future__ import annotations

import re
from collections import namedtuple
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Generic, TypeVar, cast, overload

from sqlalchemy import Connection, Delete, Dialect, Executable, Insert, TableClause, TextClause, Update
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

from cop.base.db import current_connection, db, writing
from cop.base.fast import cache_versions
from cop.base.fast.readers import readers

T = TypeVar("T")
Row = TypeVar("Row", bound=tuple[Any, ...])
Statement = Executable | Callable[[], Executable]
Convert = Callable[[Any], Any]
listeners: list[Callable[[str], None]] = []  # called with the SQL of every statement, to count them


@dataclass(frozen=True)
class CompiledShape:
    """A statement compiled for one database and one combination of list lengths."""

    sql: str
    names: list[str] | None  # the parameters in order, where the driver takes them by position
    fixed: dict[str, Any]  # parameters whose values are part of the statement
    lists: dict[str, list[str]]  # list parameter -> the names of its items
    binds: dict[str, Convert]  # converters of the parameters that the driver does not take as they are
    row: Convert  # makes a named tuple of a row of the driver
    columns: list[tuple[int, Convert]]  # converters of the columns that the driver does not return as they are

    def parameters(self, given: dict[str, Any]) -> Any:
        """Return the parameters in the form that the driver takes."""
        named = {**self.fixed, **given} if self.fixed or self.lists or self.binds else given
        for name, items in self.lists.items():
            named.update(zip(items, named.pop(name), strict=True))
        for name, convert in self.binds.items():
            named[name] = convert(named[name])
        return named if self.names is None else [named[name] for name in self.names]

    def read(self, found: list[Any]) -> list[Any]:
        """Return the rows of the driver as named tuples."""
        for at, row in enumerate(found if self.columns else ()):
            values = list(row)
            for n, convert in self.columns:
                if values[n] is not None:
                    values[n] = convert(values[n])
            found[at] = values
        return list(map(self.row, found))


class _Prepared(Generic[Row]):
    """A statement with named parameters, or a function that builds it once the database is known."""

    writes = False

    def __init__(self, statement: Statement, row: type[Row] | None = None) -> None:
        self.row = row
        # By the name of the database, with the lengths of lists if any are given.
        self.shapes: dict[str | tuple[Any, ...], CompiledShape] = {}
        if callable(statement):
            self.build = statement
        else:
            self._check(statement)
            self.build = lambda: statement

    def rows(self, **given: Any) -> list[Row]:
        """Execute the statement; return all its rows as named tuples."""

        def fetch(cursor: DBAPICursor, shape: CompiledShape) -> list[Row]:
            cursor.execute(shape.sql, shape.parameters(given))
            return shape.read(cast(list[Any], cursor.fetchall()))

        return self._execute(given, fetch)

    def first(self, **given: Any) -> Row | None:
        """Execute the statement; return its first row, or None."""
        found = self.rows(**given)
        return found[0] if found else None

    def _check(self, statement: Executable) -> None:
        """Raise TypeError unless the statement may be prepared here and returns the fields of `row`."""
        if self.row is not None:
            fields, names = self.row._fields, tuple(_names(statement))  # type: ignore[attr-defined]  # a NamedTuple
            if fields != names:
                raise TypeError(f"{self.row.__name__} has the fields {fields}, its statement the columns {names}")

    def _execute(self, given: dict[str, Any], use: Callable[[DBAPICursor, CompiledShape], T]) -> T:
        """Call `use` with a cursor: of the running transaction or session, else of a read-only connection.

        On PostgreSQL every new connection costs a round trip, so there the session's serves the whole request.
        """
        assert not self.writes or writing.get(), "a prepared write is executed in a transaction"
        running, reader = current_connection.get(), None
        if running is not None:
            running.session.flush()
            driver, dialect = running.driver, running.dialect
        else:
            engine: Any = db.engine  # in tests a connection
            dialect = engine.dialect
            if isinstance(engine, Connection) or dialect.name != "sqlite" or _session_reads():
                driver = db.session.connection().connection.driver_connection
            else:
                idle = readers[engine]
                reader = idle.take(engine)
                driver = reader.driver
        shape = self._shape(dialect, given)
        for listener in listeners:
            listener(shape.sql)
        cursor = driver.cursor()
        try:
            return use(cursor, shape)
        except dialect.loaded_dbapi.Error as failure:  # raise what SQLAlchemy would raise
            error = dialect.loaded_dbapi.Error
            raise DBAPIError.instance(shape.sql, None, failure, error, dialect=dialect) from failure
        finally:
            cursor.close()
            if reader is not None:
                idle.give(reader)

    def _shape(self, dialect: Dialect, given: dict[str, Any]) -> CompiledShape:
        shape = self.shapes.get(dialect.name)  # most statements have no lists
        if shape is not None:
            return shape
        lengths = [len(value) for value in given.values() if isinstance(value, list)]
        key = (dialect.name, *lengths) if lengths else dialect.name
        if key not in self.shapes:
            statement = self.build()
            self._check(statement)
            self.shapes[key] = _compile(statement, dialect, given, self.row)
        return self.shapes[key]


class PreparedQuery(_Prepared[Row]):
    """A prepared SELECT.

    row: the NamedTuple class of its rows, whose fields must be the names of the columns; without it the rows are named
    tuples that are not typed.
    """

    @overload
    def __init__(self: PreparedQuery[Any], statement: Statement) -> None: ...
    @overload
    def __init__(self, statement: Statement, row: type[Row]) -> None: ...
    def __init__(self, statement: Statement, row: type[Row] | None = None) -> None:
        super().__init__(statement, row)

    def _check(self, statement: Executable) -> None:
        if statement.is_dml:
            raise TypeError("a PreparedQuery reads; prepare an INSERT, UPDATE or DELETE as a PreparedWrite")
        super()._check(statement)


class PreparedWrite(_Prepared[Row]):
    """A prepared INSERT, UPDATE or DELETE, to be executed in a transaction.

    row: the NamedTuple class of the rows that RETURNING gives. changes: the name of the parameter with the id of the
    thing whose page the write changes; a write to a tracked table names it, or "" where it changes no page.
    """

    writes = True

    @overload
    def __init__(self: PreparedWrite[Any], statement: Statement, *, changes: str | None = None) -> None: ...
    @overload
    def __init__(self, statement: Statement, row: type[Row], *, changes: str | None = None) -> None: ...
    def __init__(self, statement: Statement, row: type[Row] | None = None, *, changes: str | None = None) -> None:
        self.changes = changes
        super().__init__(statement, row)

    def run(self, **given: Any) -> int:
        """Execute the statement; return how many rows it changed."""
        return self.each([given])

    def each(self, several: Sequence[dict[str, Any]]) -> int:
        """Execute the statement with each of these sets of values; return how many rows were changed."""
        if not several:
            return 0

        if self.changes:
            for track in self.tracked:
                track([given[self.changes] for given in several])

        def write(cursor: DBAPICursor, shape: CompiledShape) -> int:
            if len(several) == 1:
                cursor.execute(shape.sql, shape.parameters(several[0]))
            else:
                cursor.executemany(shape.sql, [shape.parameters(given) for given in several])
            return cursor.rowcount

        return self._execute(several[0], write)

    def _check(self, statement: Executable) -> None:
        tables = _written_tables(statement)
        if cached := sorted(tables & cache_versions.versioned_tables()):
            raise TypeError(
                f"a PreparedWrite may not write to {', '.join(cached)}: its rows are cached (@versioned), and only the"
                " session renews their cache version; use db.session"
            )
        self.tracked = [_trackers[table] for table in sorted(tables & _trackers.keys())]
        if self.tracked and self.changes is None:
            raise TypeError(
                f"a PreparedWrite to {', '.join(sorted(tables & _trackers.keys()))} says whose page it changes: give"
                ' changes="<parameter>", or changes="" where it changes none'
            )
        super()._check(statement)


Tracker = Callable[[Iterable[int]], None]
_trackers: dict[str, Tracker] = {}  # by table


def track_writes(table: str, note: Tracker) -> None:
    """Call `note` with the ids that prepared writes to a table name as changed."""
    _trackers[table] = note


def tracker(table: str) -> Tracker | None:
    """Return the tracker of a table, or None."""
    return _trackers.get(table)


def _written_tables(statement: Executable) -> set[str]:
    """Return the table that a statement writes to; of SQL as text every word, which may be a table."""
    if isinstance(statement, TextClause):
        return set(re.findall(r"\w+", statement.text))
    if not isinstance(statement, (Insert, Update, Delete)):
        raise TypeError("a PreparedWrite writes; prepare a SELECT as a PreparedQuery")
    table = statement.table
    return {table.name} if isinstance(table, TableClause) else {str(table)}


def _columns(statement: Executable) -> Sequence[Any]:
    """Return the columns of a statement's result; none for SQL as text."""
    return list(getattr(statement, "exported_columns", None) or ())


def _names(statement: Executable) -> list[str]:
    return [column.key or f"_{n}" for n, column in enumerate(_columns(statement))]


def _compile(
    statement: Executable, dialect: Dialect, given: dict[str, Any], row: type[tuple[Any, ...]] | None
) -> CompiledShape:
    compiled = cast(SQLCompiler, statement.compile(dialect=dialect))  # type: ignore[attr-defined]  # every statement has it
    state = compiled.construct_expanded_state(given)
    binds = {name: compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect) for name in given}
    lists = {name: state.parameter_expansion[name] for name in given if name in (state.parameter_expansion or {})}
    items = {item for names in lists.values() for item in names}
    processors = [
        (n, column.type.dialect_impl(dialect).result_processor(dialect, None))
        for n, column in enumerate(_columns(statement))
    ]
    return CompiledShape(
        sql=state.statement,
        names=list(state.positiontup) if state.positiontup is not None else None,
        fixed={n: v for n, v in state.parameters.items() if n not in given and n not in items},
        lists=lists,
        binds={name: processor for name, processor in binds.items() if processor and name not in lists},
        # What `_make` of a named tuple does, without a Python frame for each row.
        row=partial(tuple.__new__, row or namedtuple("Row", _names(statement), rename=True)),
        columns=[(n, processor) for n, processor in processors if processor is not None],
    )


def _session_reads() -> bool:
    """Return whether the session of this request is reading: then every query reads the same snapshot."""
    return db.session.registry.has() and db.session().in_transaction()
