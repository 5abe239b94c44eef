"""The cost of a search has a limit: its statements walk an index, and read a bounded number of rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, insert, select

from cop.base import clock
from cop.base.action import transaction
from cop.base.db import db, is_sqlite
from cop.base.fast.prepared import CompiledShape
from cop.search import fulltext, suggest
from cop.search.filling import index_all
from cop.search.find import find
from cop.search.fulltext import Asked, Part
from cop.search.query import terms
from cop.search.ranking import MOST, MOST_CANDIDATES, MOST_COUNTED
from cop.search.scope import BLOCKS, Scope
from cop.society.people import Person
from cop.things import Body, Thing

if TYPE_CHECKING:
    from tests.search.conftest import World

QUERIES = ["warmtekluis", "nazorg warmtekluis", '"de warmtekluis"', "nazorg -huur van:bram in:een type:reactie na:2017"]


def post(world: World, thread: int, texts: list[str]) -> None:
    """Add posts to a thread in bulk, and index them."""
    common = {
        "kind": "post",
        "audience_id": world.cast.audiences.one,
        "parent_id": thread,
        "author_id": world.cast.bram,
        "author_role": "member",
        "made": clock.now(),
    }
    written = {"source": "", "format": "plain", "html": "", "text_version": 1}
    with world.cast.app.app_context(), transaction():
        first = (db.session.scalar(select(func.max(Thing.id))) or 0) + 1
        seq = (db.session.scalar(select(func.max(Thing.seq)).where(Thing.parent_id == thread)) or 0) + 1
        nothing_shown = {"changes": ()}
        things = [{**common, "id": first + n, "seq": seq + n, "changed": seq + n} for n in range(len(texts))]
        db.session.execute(insert(Thing.__table__), things, execution_options=nothing_shown)
        bodies = [{**written, "thing_id": first + n, "plain": plain} for n, plain in enumerate(texts)]
        db.session.execute(insert(Body.__table__), bodies, execution_options=nothing_shown)
        index_all()


@contextmanager
def prepared(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, Any]]]:
    """Collect the prepared statements with their parameters."""
    found: list[tuple[str, Any]] = []
    parameters = CompiledShape.parameters

    def noting(shape: CompiledShape, given: dict[str, Any]) -> Any:
        found.append((shape.sql, parameters(shape, given)))
        return found[-1][1]

    with monkeypatch.context() as patched:
        patched.setattr(CompiledShape, "parameters", noting)
        yield found


def plan(sql: str, parameters: Any) -> list[str]:
    """Return the lines of the plan of a statement; on PostgreSQL as on a table that is not small."""
    driver: Any = db.session.connection().connection.driver_connection
    cursor = driver.cursor()
    if is_sqlite():
        return [row[3] for row in cursor.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)]
    cursor.execute("SET LOCAL enable_seqscan = off")
    cursor.execute(f"EXPLAIN {sql}", parameters)
    return [line for (line,) in cursor.fetchall()]


def grows(line: str) -> bool:
    """Whether a step of a plan goes through a table that grows, or sorts more than a limited number of rows."""
    if is_sqlite():
        scan = re.search(r"\bSCAN (\w+)", line)
        served = "VIRTUAL TABLE INDEX" in line and ":M" in line  # by the words, in the order of ids
        return "TEMP B-TREE" in line or bool(scan and scan[1] in ("search_fts", "search_entry", "thing") and not served)
    return bool(re.search(r"(Seq Scan on|Scan Backward using \w+ on) (search_entry|thing)\b", line))


@pytest.mark.parametrize("typed", QUERIES)
def test_no_statement_goes_through_a_table_that_grows(
    world: World, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    thread = world.start("dina", "Nazorg en de warmtekluis", "De warmtekluis.", kind="guidance")
    post(world, thread, ["Nazorg bij de warmtekluis"] * (MOST_CANDIDATES + 1))
    with world.cast.app.app_context(), prepared(monkeypatch) as statements:
        anna = db.session.get_one(Person, world.cast.anna)
        assert find(anna, typed).groups
        suggest.suggestions(anna, "nazorg warmtekl")
        suggest.similar(anna, world.cast.audiences.one, "nazorg warmtekluis")
        searches = [one for one in statements if "search_" in one[0] and "max(id)" not in one[0]]
        assert len(searches) >= 6
        for sql, parameters in searches:
            lines = plan(sql, parameters)
            assert not list(filter(grows, lines)), "\n".join(lines)
            if "MATCH" not in sql and "@@" in sql:
                assert any("search_fts_gin" in line for line in lines)


def test_number_of_rows_does_not_grow_with_the_hits(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the number of hits, a search reads those it can count, and those it ranks."""
    thread = world.start("anna", "Nazorg", "Zonder meer.")
    read = []
    for _batch in range(2):
        post(world, thread, ["De warmtekluis"] * 1_500)
        with world.cast.app.app_context(), prepared(monkeypatch) as statements:
            found = find(db.session.get_one(Person, world.cast.anna), "warmtekluis")
            assert (found.more, found.count) == (MOST_COUNTED, MOST_COUNTED + 1)
            read.append(sum(rows_of(*one) for one in statements if "search_" in one[0]))
    assert read[1] <= read[0] <= 2 * MOST_COUNTED + sum(MOST.values()) + 2 * MOST_CANDIDATES
    page = world.cast.client("anna").get("/search?q=warmtekluis").text
    assert "Meer dan 1.000 resultaten" in page
    assert "Alle resultaten in dit gesprek" in page


def rows_of(sql: str, parameters: Any) -> int:
    """Return how many rows a statement returns."""
    driver: Any = db.session.connection().connection.driver_connection
    return len(driver.cursor().execute(sql, parameters).fetchall())


def test_walk_through_the_index_stops(world: World) -> None:
    """The newest hits of a word are found without going through all of them."""
    post(world, world.start("anna", "Nazorg", "Zonder meer."), ["De warmtekluis"] * 5_000)
    with world.cast.app.app_context():
        scope = Scope(((f"a{world.cast.audiences.one}",),))
        asked = [Asked((Part(terms("warmtekluis")),), scope, 100)]
        assert len(fulltext.newest(asked)[0]) == 100
        # SQLite takes some instructions for each hit; PostgreSQL reads the two newest blocks.
        assert steps(asked) <= (4_000 if is_sqlite() else 2 << BLOCKS["b"])


def steps(asked: list[Asked]) -> int:
    """Return the work of a question: on SQLite instructions, on PostgreSQL rows that its plan read."""
    with pytest.MonkeyPatch.context() as patch, prepared(patch) as statements:
        fulltext.newest(asked)
    sql, parameters = statements[-1]
    driver: Any = db.session.connection().connection.driver_connection
    if is_sqlite():
        count = [0]
        driver.set_progress_handler(lambda: count.__setitem__(0, count[0] + 1), 1)
        driver.execute(sql, parameters).fetchall()
        driver.set_progress_handler(None, 0)
        return count[0]
    cursor = driver.cursor()
    cursor.execute("SET LOCAL enable_seqscan = off")
    cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF) {sql}", parameters)
    return sum(
        int(rows[1])
        for (line,) in cursor.fetchall()
        if (rows := re.search(r"Bitmap Heap Scan.*actual rows=(\d+)", line))
    )
