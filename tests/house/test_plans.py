"""The statements of the hot pages read a page from an index: no scan of a table that grows, no sort of more than a page."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, event, insert, select, text

from cop.base import clock
from cop.base.action import transaction
from cop.base.db import db
from cop.base.fast.prepared import CompiledShape
from cop.base.text import VERSION
from cop.base.web.pages import bodies
from cop.chat.models import Room
from cop.documents.models import File, Version
from cop.notices.models import Notice
from cop.notices.notifying import _READ_HERE as READ_HERE
from cop.society.credentials import new_session
from cop.society.memberships import Membership
from cop.society.people import Person
from cop.society.programmes import Community, Programme
from cop.society.visits import Visit
from cop.things import Follow, Mark, Thing
from cop.things.bodies import Body
from cop.threads.models import Thread
from tests.conftest import Client, SeparateApp

GROWING = {"thing", "thread", "body", "file", "version", "notice", "mark", "follow", "thing_link"}
THREADS, FILES, POSTS, MESSAGES = 600, 600, 3, 200
PAGE = 500  # rows that may be sorted: of a few audiences together, and what home looks at for news
TIMES, LIMIT, SMALL = 10, 1.2, 500  # rows copied in a test of growth, and what a statement may cost more by it
HERE = "/communities/groot"
PAGES = (
    "/",
    HERE,
    f"{HERE}/threads",
    f"{HERE}/threads?kind=question",
    f"{HERE}/threads?sort=newest",
    f"{HERE}/threads?show=unanswered",
    f"{HERE}/threads?show=mine",
    f"{HERE}/threads?show=following",
    f"{HERE}/documents",
    f"{HERE}/documents?sort=recent",
    "/notices",
    "/notices?show=unread",
)

PEOPLE = (
    HERE,
    f"{HERE}/members",
    f"/api/v1{HERE}/names?q=a",
    "/programmes/plannen/directory",
    "/programmes/plannen/directory/organisations",
)


@pytest.fixture(scope="module")
def grown(separate_app: SeparateApp, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, str]]:
    """Return an app with two communities of many threads, files and notices, and the session of a reader."""
    with separate_app("plans", tmp_path_factory.mktemp("plans")) as app:
        with app.app_context():
            with transaction():
                secret = fill()
        yield app, secret


@pytest.fixture(autouse=True)
def analyzed_again(grown: tuple[Flask, str]) -> None:
    """Give the database its statistics, which a test may have taken."""
    with grown[0].app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")


def fill() -> str:
    """Insert the rows; return the session of a reader."""
    programme = Programme(slug="plannen", name="Plannen")
    reader, writer = (Person(mail=f"{name}@plan.example", name=name, entered=clock.now()) for name in ("a", "b"))
    db.session.add_all([programme, reader, writer])
    db.session.flush()
    for person in (reader, writer):
        person.state = "active"
    # So long ago that all that home looks at for news is newer.
    db.session.add(Visit(person_id=reader.id, at=clock.now() - timedelta(days=90)))
    for slug in ("groot", "ander"):
        db.session.add(community := Community(programme_id=programme.id, slug=slug, name=slug))
        db.session.flush()
        db.session.add(Membership(person_id=reader.id, community_id=community.id, role="member"))
        add_threads(community.audience_id, reader.id, writer.id)
        add_room(community.audience_id, writer.id)
        add_files(community.audience_id, writer.id)
    return new_session(reader)


def add(model: Any, rows: list[dict[str, Any]]) -> None:
    """Insert rows of a table as they are."""
    db.session.execute(insert(model.__table__), rows, execution_options={"changes": ()})


def things(kind: str, audience: int, author: int, number: int, **more: Any) -> list[int]:
    """Insert things, one an hour, those in another in their order; return their ids."""
    first = 1 + (db.session.scalar(text("SELECT max(id) FROM thing")) or 0)
    made = clock.now() - timedelta(hours=number)
    rows = [
        {"id": first + n, "kind": kind, "audience_id": audience, "author_id": author, "title": f"{kind} {n}"}
        | {"made": made + timedelta(hours=n), "seq": n + 1 if "parent_id" in more else 0, **more}
        for n in range(number)
    ]
    add(Thing, rows)
    return [row["id"] for row in rows]


def add_threads(audience: int, reader: int, writer: int) -> None:
    """Insert threads with posts; the reader has read all, follows half, and has a notice of each."""
    now, ids = clock.now(), things("thread", audience, writer, THREADS, last_seq=POSTS)
    threads = [
        {"id": id, "audience_id": audience, "author_id": writer, "last_at": now - timedelta(hours=n)}
        | {"thread_kind": "experience" if n % 3 else "question", "replies": n % 2, "last_post": POSTS}
        for n, id in enumerate(ids)
    ]
    add(Thread, threads)
    for id in ids:
        add_texts("post", audience, writer, POSTS, id)
    add(Mark, [{"person_id": reader, "thing_id": id, "seq": POSTS} for id in ids])
    add(Follow, [{"person_id": reader, "thing_id": id, "muted": False} for id in ids[::2]])
    notice = {"person_id": reader, "reason": "reply", "audience_id": audience, "at": now}
    add(
        Notice, [{**notice, "place_id": id, "thing_id": id, "read": now if n % 3 else None} for n, id in enumerate(ids)]
    )


def add_room(audience: int, writer: int) -> None:
    """Insert a chat room with messages."""
    (room,) = things("room", audience, writer, 1, last_seq=MESSAGES)
    add(Room, [{"id": room, "purpose": ""}])
    add_texts("message", audience, writer, MESSAGES, room)


def add_texts(kind: str, audience: int, writer: int, number: int, parent: int) -> None:
    """Insert posts or messages with their text."""
    ids = things(kind, audience, writer, number, parent_id=parent)
    written = {"source": "Tekst", "format": "text", "html": "<p>Tekst</p>", "plain": "Tekst", "text_version": VERSION}
    add(Body, [{"thing_id": id, **written} for id in ids])


def add_files(audience: int, writer: int) -> None:
    """Insert files with a version each; half of them are attachments."""
    now, ids = clock.now(), things("file", audience, writer, FILES)
    held = {"sha256": "0" * 64, "size": 1, "media_type": "text/plain"}
    files = [
        {**held, "id": id, "audience_id": audience, "saved": now - timedelta(hours=n)}
        | {"name_key": f"file {n}", "attached": bool(n % 2)}
        for n, id in enumerate(ids)
    ]
    add(File, files)
    add(Version, [{**held, "file_id": id, "number": 1, "name": "a.txt", "made": now} for id in ids])


@pytest.mark.parametrize("path", PAGES)
def test_page_is_read_from_indexes(path: str, grown: tuple[Flask, str], monkeypatch: pytest.MonkeyPatch) -> None:
    app, secret = grown
    statements = statements_of(app, secret, path, monkeypatch)
    assert statements
    found = [problem for sql, given in statements for problem in problems(app, sql, given)]
    assert found == [], "\n".join(found)


def statements_of(app: Flask, secret: str, path: str, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """Return the SELECT statements of a page with their parameters."""
    monkeypatch.setattr("cop.society.visits.visits.note", lambda person: None)
    with app.app_context():
        engine = db.engine
    browser = Client(app, app.response_class)
    browser.set_cookie("cop", secret)

    def ask() -> None:
        assert browser.get(path).status_code == 200

    return statements_during(engine, ask, monkeypatch)


def statements_during(engine: Any, act: Callable[[], None], monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """Return the SELECT statements that are executed while a function runs, with their parameters."""
    seen: list[tuple[str, Any]] = []
    parameters = CompiledShape.parameters

    def note_prepared(shape: CompiledShape, given: dict[str, Any]) -> Any:
        bound = parameters(shape, given)
        seen.append((shape.sql, bound))
        return bound

    def note(_conn: Any, _cursor: Any, statement: str, given: Any, *_rest: Any) -> None:
        seen.append((statement, given))

    with monkeypatch.context() as patched:
        patched.setattr(CompiledShape, "parameters", note_prepared)
        event.listen(engine, "before_cursor_execute", note)
        try:
            act()
        finally:
            event.remove(engine, "before_cursor_execute", note)
    return [one for one in seen if one[0].lstrip().upper().startswith(("SELECT", "WITH"))]


def problems(app: Flask, sql: str, given: Any) -> list[str]:
    """Return what is wrong with the plan of a statement."""
    with app.app_context(), db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", tuple(given)).all()
            wrong = sqlite_problems([str(row.detail) for row in rows])
        else:
            prefer_indexes(connection)
            plan = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", given).scalar_one()
            wrong = list(postgresql_problems((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]))
    return [f"{problem}: {' '.join(sql.split())}" for problem in wrong]


@pytest.mark.parametrize("analyzed", [True, False])
def test_page_reads_as_little_of_ten_times_as_much(
    analyzed: bool, grown: tuple[Flask, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    app, secret = grown
    # By their SQL, as every page has some that differ in the moment only.
    pages = (*PAGES, *pages_of_things(app))
    bodies.clear()  # so that what is cached is read
    statements = dict(one for path in pages for one in statements_of(app, secret, path, monkeypatch))
    more = costs_more(
        app,
        statements,
        *(copies(model) for model in (Thing, Thread, File, Version, Mark, Follow, Notice)),
        analyzed=analyzed,
    )
    assert more == [], "\n".join(more)


def pages_of_things(app: Flask) -> list[str]:
    """Return the pages of a thread, a file and a chat room, which read what stands in them."""
    with app.app_context():
        first = {
            kind: db.session.scalar(select(Thing.id).where(Thing.kind == kind)) for kind in ("thread", "file", "room")
        }
    return [
        f"/threads/{first['thread']}",
        f"/api/v1/threads/{first['thread']}/posts?changed_after=0",
        f"/files/{first['file']}",
        f"/rooms/{first['room']}",
        f"/api/v1/rooms/{first['room']}/messages?changed_after=0",
    ]


def test_page_reads_as_little_of_many_more_people(grown: tuple[Flask, str], monkeypatch: pytest.MonkeyPatch) -> None:
    app, secret = grown
    statements: dict[str, Any] = {}
    for path in PEOPLE:
        statements_of(app, secret, path, monkeypatch)  # what is read once for everybody is cached now
        statements |= dict(statements_of(app, secret, path, monkeypatch))
    with app.app_context():
        place = db.session.execute(select(Thread.id, Thread.audience_id)).first()
        reader = db.session.scalar(select(Membership.person_id))
        assert place is not None

        def notify() -> None:
            assert READ_HERE.rows(people=[reader], audience=place.audience_id, place=place.id, today=clock.today())

        statements |= dict(statements_during(db.engine, notify, monkeypatch))
    higher, people = " + n * 1000000", {"id": "id + n * 1000000", "mail": "mail || n"}
    memberships = {"id": f"id{higher}", "person_id": f"person_id{higher}"}
    more = costs_more(app, statements, copies(Person, 250, people), copies(Membership, 250, memberships))
    assert more == [], "\n".join(more)


def costs_more(app: Flask, statements: dict[str, Any], *inserts: str, analyzed: bool = True) -> list[str]:
    """Return the statements that cost more after these inserts, which are rolled back.

    analyzed: whether the database has statistics; a new one has none, and then SQLite chooses other plans.
    """
    with app.app_context():
        if not analyzed:
            forget_statistics()
        with db.engine.connect() as connection:
            prefer_indexes(connection)
            before = {sql: cost(connection, sql, given) for sql, given in statements.items()}
            for sql in (*inserts, "ANALYZE") if analyzed else inserts:
                connection.exec_driver_sql(sql)
            after = {sql: cost(connection, sql, given) for sql, given in statements.items()}
            connection.rollback()
    return [
        f"{before[sql]} → {after[sql]}: {' '.join(sql.split())}"
        for sql in statements
        if after[sql] > LIMIT * before[sql] + SMALL
    ]


def forget_statistics() -> None:
    """Delete what SQLite knows of its tables; its connections have read it when they were made."""
    if db.engine.dialect.name == "sqlite":
        with db.engine.begin() as connection:
            connection.exec_driver_sql("DELETE FROM sqlite_stat1")
        db.engine.dispose()


def copies(model: Any, times: int = TIMES, changed: dict[str, str] | None = None) -> str:
    """Return the insert of copies of every row of a table, by default with higher ids of it and of what it is about."""
    columns = {column.name: f'"{column.name}"' for column in model.__table__.columns}
    if changed is None:
        names = {"id", "parent_id", "thing_id", "place_id", "file_id"} & set(columns)
        changed = {name: f"{name} + n * 1000000" for name in names}
    numbers = " UNION ALL ".join(f"SELECT {n} AS n" for n in range(1, times))
    into, values = ", ".join(f'"{name}"' for name in columns), ", ".join((columns | changed).values())
    return f"INSERT INTO {model.__tablename__} ({into}) SELECT {values} FROM {model.__tablename__}, ({numbers}) AS n"


def cost(connection: Connection, sql: str, given: Any) -> int:
    """Return what a statement costs: steps of SQLite's virtual machine, or rows read by the nodes of PostgreSQL's plan."""
    if connection.dialect.name == "sqlite":
        steps: list[None] = []
        driver: Any = connection.connection.driver_connection
        driver.set_progress_handler(lambda: steps.append(None), 1)
        connection.exec_driver_sql(sql, tuple(given)).all()
        driver.set_progress_handler(None, 0)
        return len(steps)
    plan = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", given).scalar_one()
    return rows_read((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"])


def rows_read(node: dict[str, Any]) -> int:
    """Return how many rows a node of a plan and those below it return or discard."""
    rows = node["Actual Rows"] + sum(number for name, number in node.items() if name.startswith("Rows Removed"))
    return int(rows * node["Actual Loops"]) + sum(map(rows_read, node.get("Plans", [])))


def prefer_indexes(connection: Connection) -> None:
    """Make PostgreSQL search by an index wherever there is one: to read the small tables of a test whole is cheaper."""
    if connection.dialect.name == "postgresql":
        for setting in (
            "enable_seqscan = off",
            "enable_hashjoin = off",
            "enable_mergejoin = off",
            "random_page_cost = 0.1",
        ):
            connection.exec_driver_sql(f"SET LOCAL {setting}")


def sqlite_problems(details: list[str]) -> list[str]:
    """Return the steps that read a growing table from end to end, and sorts of rows that no inner LIMIT bounds."""
    wrong = [step for step in details if step.startswith("SCAN ") and step.split()[1] in GROWING]
    # Of several audiences the first rows of each, which an index gives, are merged.
    # What an inner LIMIT has cut is set aside first.
    merged = any(step.startswith(("CO-ROUTINE", "MATERIALIZE", "MERGE", "COMPOUND QUERY")) for step in details)
    # What is looked up by its id comes with a row of something else.
    read = (step for step in details if step.startswith(("SCAN ", "SEARCH ")) and "(rowid=?)" not in step)
    grows = any(step.split()[1] in GROWING for step in read)
    return wrong + [step for step in details if step == "USE TEMP B-TREE FOR ORDER BY" and grows and not merged]


def postgresql_problems(node: dict[str, Any]) -> Iterator[str]:
    """Yield the nodes of a plan that read a growing table from end to end, and those that sort more than a page."""
    children = node.get("Plans", [])
    if node["Node Type"] == "Seq Scan" and node["Relation Name"] in GROWING:
        yield f"scan of {node['Relation Name']}"
    if "Sort" in node["Node Type"] and sum(child["Actual Rows"] for child in children) > PAGE:
        yield f"sort by {node.get('Sort Key')}"
    for child in children:
        yield from postgresql_problems(child)


def test_scan_and_sort_are_noticed() -> None:
    assert sqlite_problems(["SCAN thread", "USE TEMP B-TREE FOR ORDER BY"]) == [
        "SCAN thread",
        "USE TEMP B-TREE FOR ORDER BY",
    ]
    scan = {"Node Type": "Seq Scan", "Relation Name": "thread", "Actual Rows": 600}
    plan = {"Node Type": "Sort", "Sort Key": ["last_at"], "Plans": [scan]}
    assert list(postgresql_problems(plan)) == ["sort by ['last_at']", "scan of thread"]


def test_database_of_the_plans_is_large(grown: tuple[Flask, str]) -> None:
    with grown[0].app_context():
        assert db.session.scalar(text("SELECT count(*) FROM thread")) == 2 * THREADS
