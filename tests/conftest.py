"""The app, the cast and the clients that every test uses."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from copy import deepcopy
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine, event, make_url, select

from cop import create_app
from cop.base import clock, words
from cop.base.action import transaction
from cop.base.db import Base, configure_engine, db
from cop.base.fast import prepared
from cop.base.journal import JournalEntry
from cop.base.live import socketio
from cop.base.web.pages import bodies, skeletons
from cop.chat.live import _lists as lists
from cop.config import Settings
from cop.search.models import create_index
from cop.society.authentication import viewers
from cop.society.people import Person
from tests import speed
from tests.cast import enter
from tests.databases import Databases

SECRET = "a-key-for-tests-of-more-than-32-characters"
BASE = "http://localhost"

Committing = Callable[..., AbstractContextManager[Flask]]

speed.keep_builders()


@pytest.hookimpl(tryfirst=True)  # before `-m` chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what asks a database of the run; the rest comes out the same whatever the run is asked for."""
    for item in items:
        if "databases" in getattr(item, "fixturenames", ()):
            item.add_marker("database")


@pytest.fixture(scope="session")
def databases() -> Databases:
    """The only way to a database of the kind that the run is asked for."""
    return Databases(make_url(os.environ.get("COP_TEST_DATABASE_URL") or "sqlite://"))


@pytest.fixture(autouse=True)
def marked(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test that came by a database in a way in which its mark could not be known beforehand."""
    yield
    if "databases" in request.fixturenames and "database" not in request.keywords:
        pytest.fail("a database was asked by getfixturevalue; name `databases` among the fixtures")


@pytest.fixture(autouse=True)
def in_dutch() -> None:
    """The language that a request of another test left behind is not this one's."""
    words.language.set(words.SOURCE)


def settings(folder: Any, **given: Any) -> Settings:
    """Settings of a development app below `folder`, where its SQLite is unless a database is named."""
    return Settings.read(
        {},
        **{"mode": "development", "data": str(folder), "secret_key": SECRET, "base_url": BASE, **given},
    )


@pytest.fixture(scope="session")
def committing(databases: Databases) -> Committing:
    """`with committing('races', folder) as app:` an app with a database of its own, for what a savepoint on one
    connection cannot show."""

    @contextmanager
    def made(name: str, folder: Any, **given: Any) -> Iterator[Flask]:
        with databases.empty(name, folder) as address:
            app = create_app(settings(folder, database_url=address, **given))
            with app.app_context():
                make_tables()
                engine = db.engine
            yield app
            engine.dispose()

    return made


def make_tables() -> None:
    """The tables of today's models, in the database of this app."""
    Base.metadata.create_all(db.engine)
    create_index()


@contextmanager
def bound(app: Flask, bind: Any) -> Iterator[None]:
    """Has the app use another engine or connection: Flask-SQLAlchemy ignores a session's bind, so we swap its own."""
    engines = db._app_engines[app]
    before, engines[None] = engines[None], bind
    try:
        yield
    finally:
        engines[None] = before


@pytest.fixture(scope="session")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Every room open, for what is asked of their names and not of a database."""
    create_app(settings(tmp_path_factory.mktemp("rooms")))


@pytest.fixture(scope="session")
def served(committing: Committing, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The one app of the run, with an empty database of today's models."""
    with committing("empty", tmp_path_factory.mktemp("data")) as app:
        app.testing = True
        yield app


@pytest.fixture(scope="session")
def peopled(
    served: Flask, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Engine, SimpleNamespace]]:
    """A second database of that app, in which the cast stands; and how they come in."""
    with databases.empty("peopled", tmp_path_factory.mktemp("peopled")) as address:
        engine = create_engine(address, query_cache_size=5_000, **served.config["SQLALCHEMY_ENGINE_OPTIONS"])
        configure_engine(engine)
        with bound(served, engine), served.app_context():
            make_tables()
            found = enter()
        yield engine, found
        engine.dispose()


@pytest.fixture
def app(served: Flask, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The app, its database as it was before once the test is done: every commit is a savepoint.

    Of the one connection nobody else makes use: the list of who is in a room waits for a timer that never ends.
    """
    monkeypatch.setattr("cop.chat.live.Timer", Mock())
    with_cast = "cast" in request.fixturenames
    engine = request.getfixturevalue("peopled")[0] if with_cast else db._app_engines[served][None]
    options = db.session.session_factory.kw  # type: ignore[attr-defined]
    options["join_transaction_mode"] = "create_savepoint"
    forget()
    with engine.connect() as connection, bound(served, connection):
        outer = connection.begin()
        yield served
        outer.rollback()
    options.pop("join_transaction_mode")
    clock.shift(timedelta(0))


def forget() -> None:
    """Empties what the process keeps in memory: no test may see what another one read."""
    bodies.clear()
    skeletons.clear()
    lists.clear()
    viewers.__init__()  # type: ignore[misc]


class Client(FlaskClient):
    """A browser: same-origin, a session cookie, HTML."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        headers = dict(kwargs.pop("headers", None) or {})
        if "Authorization" not in headers:
            headers.setdefault("Sec-Fetch-Site", "same-origin")
        headers.setdefault("Accept", "text/html")
        return super().open(*args, headers=headers, **kwargs)


@pytest.fixture
def cast(app: Flask, peopled: tuple[Engine, SimpleNamespace]) -> SimpleNamespace:
    """Anna and Bram (a duo), Chris (community 2 only), Dina (expert), Eva (moderator), Fons (team), Gerda (reader),
    Hans (removed), Iris (administrator), Jan (moderator of community 2), Kees (deactivated); two communities."""
    found = deepcopy(peopled[1])

    def client(who: str | None) -> Client:
        browser = Client(app, app.response_class)
        if who and who != "gast":
            browser.set_cookie("cop", found.cookies[who])
        return browser

    def api(who: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {found.tokens[who]}", "Accept": "application/json"}

    found.client, found.api = client, api
    return found


@pytest.fixture
def connect(app: Flask, cast: SimpleNamespace) -> Iterator[Any]:
    """`connect('anna')`: a socket with the session of somebody, or of a given browser; closed when the test is done."""
    opened = []

    def connecting(who: str | Client) -> Any:
        browser = cast.client(who) if isinstance(who, str) else who
        opened.append(socketio.test_client(app, flask_test_client=browser))
        return opened[-1]

    yield connecting
    for wire in opened:
        if wire.is_connected():
            wire.disconnect()


@pytest.fixture
def by(app: Flask, cast: SimpleNamespace) -> Any:
    """`by('anna', start, community_id, …)`: runs a verb as somebody, on a thing given by kind and id."""

    def run(who: str, verb: Any, kind: type[Any], id: int, **given: Any) -> Any:
        with app.app_context(), transaction():
            person = db.session.get(Person, getattr(cast, who))
            result = verb(person, db.session.get(kind, id), **given)
            db.session.flush()
            return getattr(result, "id", result)

    return run


@pytest.fixture
def count(app: Flask) -> Any:
    """`with count() as statements:` collects the SELECT, INSERT, UPDATE and DELETE statements run inside."""

    @contextmanager
    def counting() -> Iterator[list[str]]:
        seen: list[str] = []
        connection = db._app_engines[app][None]

        def note(conn: Any, cursor: Any, statement: str, *rest: Any) -> None:
            if statement.lstrip().split(None, 1)[0].upper() in ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH"):
                seen.append(statement)

        event.listen(connection, "before_cursor_execute", note)
        prepared.listeners.append(seen.append)
        try:
            yield seen
        finally:
            prepared.listeners.remove(seen.append)
            event.remove(connection, "before_cursor_execute", note)

    return counting


@pytest.fixture
def told(app: Flask) -> Any:
    """`told('threads.start')`: the journal's entries of a verb."""

    def entries(verb: str) -> list[JournalEntry]:
        with app.app_context():
            return list(
                db.session.scalars(select(JournalEntry).where(JournalEntry.verb == verb).order_by(JournalEntry.id))
            )

    return entries
