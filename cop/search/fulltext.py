"""The full-text part of the index, the only part in which the two databases differ.

SQLite stores it in a virtual table, PostgreSQL in two extra columns of the entries. SQLAlchemy's metadata does not
describe it; everything is named `search_fts…`, so that migrations can leave it alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    String,
    bindparam,
    cast,
    column,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from cop.base.db import db, is_sqlite
from cop.base.fast.prepared import PreparedWrite
from cop.search.analyse import analyse
from cop.search.match import TITLE, to_fts5, to_tsquery, to_tsvector
from cop.search.query import Column, Query


class FullText(Protocol):
    """The full-text operations of a database; `words` are (entry id, title, text), the text including the title."""

    def create(self, connection: Connection) -> None: ...

    def drop(self, connection: Connection) -> None: ...

    def write(self, words: Iterable[tuple[int, str, str]]) -> None: ...

    def words(self, query: Query, title: bool, prefix: bool) -> str: ...

    def finds(self, words: BindParameter[str], title: bool) -> ColumnElement[bool]: ...

    def lacks(self) -> ColumnElement[bool]: ...


class Sqlite:
    """FTS5, with the entry's id as rowid; a trigger deletes the row of a deleted entry."""

    columns = (*Column, *(f"{TITLE}{column}" for column in Column))
    ids: Select[Any] = select(column("rowid")).select_from(table("search_fts"))
    put = PreparedWrite(
        text(
            f"INSERT OR REPLACE INTO search_fts (rowid, {', '.join(columns)})"
            f" VALUES (:id, {', '.join(f':{name}' for name in columns)})"
        )
    )

    def create(self, connection: Connection) -> None:
        columns = ", ".join(self.columns)
        connection.exec_driver_sql(
            f"CREATE VIRTUAL TABLE IF NOT EXISTS search_fts USING fts5 ({columns},"
            " prefix='2 3', tokenize='unicode61 remove_diacritics 0')"
        )
        connection.exec_driver_sql(
            "CREATE TRIGGER IF NOT EXISTS search_fts_gone AFTER DELETE ON search_entry"
            " BEGIN DELETE FROM search_fts WHERE rowid = old.id; END"
        )

    def drop(self, connection: Connection) -> None:
        connection.exec_driver_sql("DROP TRIGGER IF EXISTS search_fts_gone")
        connection.exec_driver_sql("DROP TABLE IF EXISTS search_fts")

    def write(self, words: Iterable[tuple[int, str, str]]) -> None:
        rows = []
        for id, titled, whole in words:
            texts = [*_columns(whole), *_columns(titled)]
            rows.append({"id": id, **dict(zip(self.columns, texts, strict=True))})
        self.put.each(rows)

    def words(self, query: Query, title: bool, prefix: bool) -> str:
        return to_fts5(query, title=title, prefix=prefix)

    def finds(self, words: BindParameter[str], title: bool) -> ColumnElement[bool]:
        found = literal_column("search_fts").op("MATCH")(words)
        return literal_column("search_entry.id").in_(self.ids.where(found))

    def lacks(self) -> ColumnElement[bool]:
        return literal_column("search_entry.id").not_in(self.ids)


def _columns(written: str) -> list[str]:
    analysed = analyse(written)
    return [analysed.exact, analysed.stems, analysed.parts]


class Postgres:
    """Two tsvector columns: one of title and text, one of the title alone."""

    put = PreparedWrite(
        text(
            "UPDATE search_entry SET search_fts = CAST(:whole AS tsvector),"
            " search_fts_title = CAST(:title AS tsvector) WHERE id = :id"
        )
    )

    def create(self, connection: Connection) -> None:
        for name in ("search_fts", "search_fts_title"):
            connection.exec_driver_sql(f"ALTER TABLE search_entry ADD COLUMN IF NOT EXISTS {name} tsvector")
            connection.exec_driver_sql(f"CREATE INDEX IF NOT EXISTS {name}_gin ON search_entry USING gin ({name})")

    def drop(self, connection: Connection) -> None:
        for name in ("search_fts", "search_fts_title"):
            connection.exec_driver_sql(f"ALTER TABLE search_entry DROP COLUMN IF EXISTS {name}")

    def write(self, words: Iterable[tuple[int, str, str]]) -> None:
        rows = [
            {"id": id, "title": to_tsvector(analyse(titled)), "whole": to_tsvector(analyse(whole))}
            for id, titled, whole in words
        ]
        self.put.each(rows)

    def words(self, query: Query, title: bool, prefix: bool) -> str:
        return to_tsquery(query, prefix=prefix)

    def finds(self, words: BindParameter[str], title: bool) -> ColumnElement[bool]:
        vector: ColumnElement[str] = literal_column(f"search_entry.search_fts{'_title' if title else ''}")
        return vector.op("@@")(cast(words, TSQUERY))

    def lacks(self) -> ColumnElement[bool]:
        return literal_column("search_entry.search_fts").is_(None)


def _backend() -> FullText:
    return Sqlite() if is_sqlite() else Postgres()


def create_index(connection: Connection | None = None) -> None:
    """Create the full-text part where it is missing; a migration passes its own connection.

    Call it again after a migration that recreated the table of entries, which drops the trigger.
    """
    if connection is None:
        with db.engine.begin() as connection:
            return _backend().create(connection)
    _backend().create(connection)


def drop_index(connection: Connection | None = None) -> None:
    """Drop the full-text part."""
    if connection is None:
        with db.engine.begin() as connection:
            return _backend().drop(connection)
    _backend().drop(connection)


def write(words: Iterable[tuple[int, str, str]]) -> None:
    """Replace the full text of entries, given as (id, title, text), in the running transaction."""
    if rows := [(id, title, f"{title}\n{body}" if title else body) for id, title, body in words]:
        _backend().write(rows)


def words(query: Query, *, title: bool = False, prefix: bool = False) -> str:
    """Return the bind value with which `finds` finds a query that has wanted terms; `prefix` as in `match`."""
    return _backend().words(query, title, prefix)


def finds(name: str, *, title: bool = False) -> ColumnElement[bool]:
    """Return the condition on `search_entry` that an entry matches the `words` bound to this name.

    In its `title` alone or in all of it.
    """
    return _backend().finds(bindparam(name, type_=String), title)


def lacks() -> ColumnElement[bool]:
    """Return the condition on `search_entry` that an entry has no full text."""
    return _backend().lacks()
