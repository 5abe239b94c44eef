"""The full-text part of the index, the only part in which the two databases differ.

SQLite stores it in a virtual table, PostgreSQL in two extra columns of the entries with one index. SQLAlchemy's metadata
does not describe it; everything is named `search_fts…`, so that migrations can leave it alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple, Protocol

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    String,
    TextClause,
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
from cop.base.fast.prepared import PreparedQuery, PreparedWrite
from cop.search.analyse import analyse
from cop.search.match import to_fts5, to_tsquery, to_tsvector, to_words
from cop.search.query import Query
from cop.search.scope import BLOCKS, Scope, postgres_words, sqlite_words


class Part(NamedTuple):
    """A condition on the words of an entry: the query matches its title or all of it; `prefix` as in `match`."""

    query: Query
    title: bool = False
    prefix: bool = False


class Asked(NamedTuple):
    """A question to the index: the newest entries, `most` at most, in a scope, that match all these parts.

    Of a part without wanted terms the unwanted ones may not occur.
    """

    parts: tuple[Part, ...]
    scope: Scope
    most: int


class FullText(Protocol):
    """The full-text operations of a database.

    put, write: the statement that writes the `words` of an entry `id`, with its scope; `words_of` returns those of a title
    and a text that includes it.
    """

    put: TextClause
    write: PreparedWrite[Any]

    def create(self, connection: Connection) -> None: ...

    def drop(self, connection: Connection) -> None: ...

    def words_of(self, titled: str, whole: str) -> str: ...

    def move(self, place: int) -> None: ...

    def newest(self, asked: Sequence[Asked]) -> list[list[int]]: ...

    def words(self, query: Query, title: bool, prefix: bool) -> str: ...

    def finds(self, words: BindParameter[str]) -> ColumnElement[bool]: ...

    def lacks(self) -> ColumnElement[bool]: ...


# The things in a place, the place itself, and the files attached to what stands in it.
_HERE = """
SELECT id FROM search_entry WHERE thing_id IN (
  SELECT id FROM thing WHERE id = :place UNION SELECT id FROM thing WHERE parent_id = :place
  UNION SELECT link.to_id FROM thing_link AS link JOIN thing AS citing ON citing.id = link.from_id
  WHERE link.kind = 'attachment' AND (citing.id = :place OR citing.parent_id = :place))
"""


class Sqlite:
    """FTS5, with the entry's id as rowid, so that its matches come in the order of ids; a trigger deletes the row of a
    deleted entry."""

    ids: Select[Any] = select(column("rowid")).select_from(table("search_fts"))
    put = text(f"INSERT OR REPLACE INTO search_fts (rowid, words, scope) VALUES (:id, :words, ({sqlite_words(':id')}))")
    write = PreparedWrite(put, changes="")
    rescope = PreparedWrite(
        text(f"UPDATE search_fts SET scope = ({sqlite_words('search_fts.rowid')}) WHERE search_fts.rowid IN ({_HERE})"),
        changes="",
    )

    def create(self, connection: Connection) -> None:
        connection.exec_driver_sql(
            "CREATE VIRTUAL TABLE IF NOT EXISTS search_fts USING fts5 (words, scope,"
            " tokenize='unicode61 remove_diacritics 0')"
        )
        connection.exec_driver_sql(
            "CREATE TRIGGER IF NOT EXISTS search_fts_gone AFTER DELETE ON search_entry"
            " BEGIN DELETE FROM search_fts WHERE rowid = old.id; END"
        )

    def drop(self, connection: Connection) -> None:
        connection.exec_driver_sql("DROP TRIGGER IF EXISTS search_fts_gone")
        connection.exec_driver_sql("DROP TABLE IF EXISTS search_fts")

    def words_of(self, titled: str, whole: str) -> str:
        return to_words(analyse(whole), analyse(titled))

    def move(self, place: int) -> None:
        self.rescope.run(place=place)

    def newest(self, asked: Sequence[Asked]) -> list[list[int]]:
        given: dict[str, Any] = {}
        for n, one in enumerate(asked):
            given |= {f"match{n}": self._expression(one), f"most{n}": one.most}
        found: list[list[int]] = [[] for _one in asked]
        for n, id in self._lists(len(asked)).rows(**given):
            found[n].append(id)
        return found

    @staticmethod
    def _expression(one: Asked) -> str:
        expression = one.scope.to_fts5()
        for part in one.parts:
            if part.query.wanted:
                expression = f"({to_fts5(part.query, title=part.title, prefix=part.prefix)}) AND {expression}"
            elif part.query.unwanted:
                expression = f"({expression}) NOT {to_fts5(part.query.refused())}"
        return expression

    @staticmethod
    @cache
    def _lists(count: int) -> PreparedQuery[Any]:
        """Return the statement for this number of lists; FTS5 itself walks backward and stops at the limit."""
        lists = (
            f"SELECT {n}, rowid FROM (SELECT rowid FROM search_fts WHERE search_fts MATCH :match{n}"
            f" ORDER BY rowid DESC LIMIT :most{n})"
            for n in range(count)
        )
        return PreparedQuery(text(" UNION ALL ".join(lists)))

    def words(self, query: Query, title: bool, prefix: bool) -> str:
        return to_fts5(query, title=title, prefix=prefix)

    def finds(self, words: BindParameter[str]) -> ColumnElement[bool]:
        found = literal_column("search_fts").op("MATCH")(words)
        return literal_column("search_entry.id").in_(self.ids.where(found))

    def lacks(self) -> ColumnElement[bool]:
        return literal_column("search_entry.id").not_in(self.ids)


class Postgres:
    """Two tsvector columns, of the words and of the scope, and a GIN index of both.

    Such an index gives all its matches at once, so they are asked by blocks of ids: of the newest, then of eight times as
    many while there are too few. The statement reads at most some eight times what it returns.
    """

    put = text(
        "UPDATE search_entry SET search_fts = CAST(:words AS tsvector),"
        f" search_fts_scope = CAST(({postgres_words(':id')}) AS tsvector) WHERE id = :id"
    )
    write = PreparedWrite(put, changes="")
    rescope = PreparedWrite(
        text(
            f"UPDATE search_entry SET search_fts_scope = CAST(({postgres_words('search_entry.id')}) AS tsvector)"
            f" WHERE id IN ({_HERE})"
        ),
        changes="",
    )
    last = PreparedQuery[Any](text("SELECT max(id) FROM search_entry"))

    def create(self, connection: Connection) -> None:
        for name in ("search_fts", "search_fts_scope"):
            connection.exec_driver_sql(f"ALTER TABLE search_entry ADD COLUMN IF NOT EXISTS {name} tsvector")
        # A short list of pending entries, since every search reads all of it.
        connection.exec_driver_sql(
            "CREATE INDEX IF NOT EXISTS search_fts_gin ON search_entry USING gin (search_fts, search_fts_scope)"
            " WITH (gin_pending_list_limit = 256)"
        )

    def drop(self, connection: Connection) -> None:
        for name in ("search_fts", "search_fts_scope"):
            connection.exec_driver_sql(f"ALTER TABLE search_entry DROP COLUMN IF EXISTS {name}")

    def words_of(self, titled: str, whole: str) -> str:
        return to_tsvector(analyse(whole), analyse(titled))

    def move(self, place: int) -> None:
        self.rescope.run(place=place)

    def newest(self, asked: Sequence[Asked]) -> list[list[int]]:
        last = self.last.rows()[0][0] or 0
        given: dict[str, Any] = {}
        for n, one in enumerate(asked):
            if match := self._expression(one):
                given[f"match{n}"] = match
            given[f"most{n}"] = one.most
            for step, scope in enumerate(_blocks(one.scope, last)):
                given[f"scope{n}_{step}"] = scope.to_tsquery()
        found: list[set[int]] = [set() for _one in asked]
        for n, id in self._lists(tuple(f"match{n}" in given for n in range(len(asked)))).rows(**given):
            found[n].add(id)
        return [sorted(ids, reverse=True)[: one.most] for one, ids in zip(asked, found, strict=True)]

    @staticmethod
    def _expression(one: Asked) -> str:
        found = [
            to_tsquery(part.query, title=part.title, prefix=part.prefix)
            if part.query.wanted
            else f"!({to_tsquery(part.query.refused())})"
            for part in one.parts
            if part.query.wanted or part.query.unwanted
        ]
        return " & ".join(f"({expression})" for expression in found)

    @staticmethod
    @cache
    def _lists(matching: tuple[bool, ...]) -> PreparedQuery[Any]:
        """Return the statement for lists with these scopes, with words or without."""
        return PreparedQuery(text(" UNION ALL ".join(_windows(n, words) for n, words in enumerate(matching))))

    def words(self, query: Query, title: bool, prefix: bool) -> str:
        return to_tsquery(query, title=title, prefix=prefix)

    def finds(self, words: BindParameter[str]) -> ColumnElement[bool]:
        vector: ColumnElement[str] = literal_column("search_entry.search_fts")
        return vector.op("@@")(cast(words, TSQUERY))

    def lacks(self) -> ColumnElement[bool]:
        return literal_column("search_entry.search_fts").is_(None)


def _blocks(scope: Scope, last: int) -> list[Scope]:
    """Return the scope in the two newest blocks of each size, then in all."""
    sizes = (
        scope.also([f"{letter}{block}" for block in ((last >> bits), (last >> bits) - 1) if block >= 0])
        for letter, bits in BLOCKS.items()
    )
    return [*sizes, scope]


def _windows(n: int, words: bool) -> str:
    """Return the statement for one list: of each window the newest, if those before had too few.

    `id + 0`, because in the order of its key the planner would walk the table instead of the index.
    """
    match = f"search_fts @@ CAST(:match{n} AS tsquery) AND " if words else ""
    steps = range(len(BLOCKS) + 1)
    windows = (
        f"w{step} AS MATERIALIZED (SELECT id FROM search_entry WHERE {match}"
        f"search_fts_scope @@ CAST(:scope{n}_{step} AS tsquery)"
        + "".join(f" AND (SELECT count(*) FROM w{before}) < :most{n}" for before in range(step))
        + f" ORDER BY id + 0 DESC LIMIT :most{n})"
        for step in steps
    )
    found = " UNION ALL ".join(f"SELECT id FROM w{step}" for step in steps)
    return f"(WITH {', '.join(windows)} SELECT {n}, id FROM ({found}) AS found{n})"


@cache
def _sqlite() -> FullText:
    return Sqlite()


@cache
def _postgres() -> FullText:
    return Postgres()


def _backend() -> FullText:
    return _sqlite() if is_sqlite() else _postgres()


def merge() -> None:
    """Merge the parts of the full-text index of SQLite; VACUUM does the same for PostgreSQL."""
    if is_sqlite():
        db.session.execute(text("INSERT INTO search_fts (search_fts) VALUES ('optimize')"))


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


def write(entries: Iterable[tuple[int, str, str]]) -> None:
    """Replace the full text and the scope of entries, given as (id, title, text), in the running transaction."""
    backend = _backend()
    if rows := _values(backend, entries):
        backend.write.each(rows)


def refill(connection: Connection) -> None:
    """Write the full text and the scope of all entries; for a migration, with its connection."""
    backend, last = _backend(), 0
    entries = text("SELECT id, title, plain FROM search_entry WHERE id > :last ORDER BY id LIMIT 500")
    while rows := connection.execute(entries, {"last": last}).all():
        connection.execute(backend.put, _values(backend, rows))
        last = rows[-1].id


def _values(backend: FullText, entries: Iterable[Any]) -> list[dict[str, Any]]:
    return [
        {"id": id, "words": backend.words_of(title, f"{title}\n{plain}" if title else plain)}
        for id, title, plain in entries
    ]


def move(place: int) -> None:
    """Write again the scopes of a thing, of what stands in it, and of the files attached there, in the transaction."""
    _backend().move(place)


def newest(asked: Sequence[Asked]) -> list[list[int]]:
    """Return for each question the ids of its entries, newest first, by one statement."""
    possible = [one for one in asked if one.scope]
    found = iter(_backend().newest(possible) if possible else ())
    return [next(found) if one.scope else [] for one in asked]


def words(query: Query, *, title: bool = False, prefix: bool = False) -> str:
    """Return the bind value with which `finds` finds a query that has wanted terms; arguments as in `match`."""
    return _backend().words(query, title, prefix)


def finds(name: str) -> ColumnElement[bool]:
    """Return the condition on `search_entry` that an entry matches the `words` bound to this name."""
    return _backend().finds(bindparam(name, type_=String))


def lacks() -> ColumnElement[bool]:
    """Return the condition on `search_entry` that an entry has no full text."""
    return _backend().lacks()
