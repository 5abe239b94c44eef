"""The app, the cast and the clients of all tests."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from copy import deepcopy
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine, event, make_url, select

from cop import create_app
from cop.base import clock, jobs, words
from cop.base.action import transaction
from cop.base.db import Base, configure_engine, db
from cop.base.email import Email
from cop.base.fast import prepared
from cop.base.journal import JournalEntry
from cop.base.live import socketio
from cop.base.web import rate_limits
from cop.base.web.pages import bodies, skeletons
from cop.chat.live import _lists as lists
from cop.config import Settings
from cop.search.models import create_index
from cop.society.authentication import viewers
from cop.society.memberships import Membership
from cop.society.people import Person
from cop.society.visits import visits
from tests import speed
from tests.cast import create_cast
from tests.databases import Databases

SECRET = "a-key-for-tests-of-more-than-32-characters"
BASE = "http://localhost"

SeparateApp = Callable[..., AbstractContextManager[Flask]]

speed.keep_builders()

# How long an example takes says how busy the machine is. Nothing of a function's fixtures is changed by one. A run judges a
# change, so its examples are the same each time; COP_TEST_EXPLORE=1 looks for new ones.
hypothesis.settings.register_profile(
    "patient",
    deadline=None,
    derandomize="COP_TEST_EXPLORE" not in os.environ,
    suppress_health_check=[hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.function_scoped_fixture],
)
hypothesis.settings.load_profile("patient")


@pytest.hookimpl(tryfirst=True)  # before `-m` selects
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that use a database of the run; the others, and those marked `once`, run on SQLite alone."""
    for item in items:
        if "databases" in getattr(item, "fixturenames", ()) and "once" not in item.keywords:
            item.add_marker("database")


@pytest.fixture(scope="session")
def databases() -> Databases:
    """Return the databases of the run. Tests reach a database only by this fixture."""
    return Databases(make_url(os.environ.get("COP_TEST_DATABASE_URL") or "sqlite://"))


@pytest.fixture(autouse=True)
def check_database_mark(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that requests a database dynamically, so that its mark could not be set."""
    yield
    if "databases" in request.fixturenames and not {"database", "once"} & set(request.keywords):
        pytest.fail("a database was asked by getfixturevalue; name `databases` among the fixtures")


@pytest.fixture(autouse=True)
def rate_limits_are_reset() -> None:
    """Start each test with empty windows: the requests of earlier tests do not count."""
    rate_limits.reset()


@pytest.fixture(autouse=True)
def clock_is_right() -> None:
    """Reset a clock that another test shifted: sessions may be over then."""
    clock.shift(timedelta(0))


@pytest.fixture(autouse=True)
def default_language() -> None:
    """Reset the language that a request of another test may have set."""
    words.language.set(words.SOURCE)


def settings(folder: Any, **given: Any) -> Settings:
    """Return the settings of a development app in `folder`, with SQLite unless a database is given."""
    return Settings.read(
        {},
        **{"mode": "development", "data": str(folder), "secret_key": SECRET, "base_url": BASE, **given},
    )


def go_to(moment: datetime) -> None:
    """Set the clock of a test."""
    clock.shift(timedelta(0))
    clock.shift(moment - clock.now())


@pytest.fixture(scope="session")
def separate_app(databases: Databases) -> SeparateApp:
    """Return a context manager for an app with its own database and real commits: `with separate_app('races', folder)
    as app:`."""

    @contextmanager
    def create(name: str, folder: Any, **given: Any) -> Iterator[Flask]:
        with databases.empty(name, folder) as address:
            app = create_app(settings(folder, database_url=address, **given))
            with app.app_context():
                make_tables()
                engine = db.engine
            yield app
            visits.close()  # its timer would use a connection after the last
            engine.dispose()

    return create


def make_tables() -> None:
    """Create the tables of the current models in the database of this app."""
    Base.metadata.create_all(db.engine)
    create_index()


@contextmanager
def use_engine(app: Flask, bind: Any) -> Iterator[None]:
    """Make the app use another engine or connection.

    Flask-SQLAlchemy ignores the bind of a session, so its engine is replaced.
    """
    engines = db._app_engines[app]
    before, engines[None] = engines[None], bind
    try:
        yield
    finally:
        engines[None] = before


@pytest.fixture(scope="session")
def all_features(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Load every feature, for tests of names that need no database."""
    create_app(settings(tmp_path_factory.mktemp("rooms")))


@pytest.fixture(scope="session")
def shared_app(separate_app: SeparateApp, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Return the app of the run, with an empty database of the current models."""
    with separate_app("empty", tmp_path_factory.mktemp("data")) as app:
        app.testing = True
        yield app


@pytest.fixture(scope="session")
def cast_database(
    shared_app: Flask, databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Engine, SimpleNamespace]]:
    """Return the engine of a second database that contains the cast, and the cast."""
    with databases.empty("peopled", tmp_path_factory.mktemp("peopled")) as address:
        engine = create_engine(address, query_cache_size=5_000, **shared_app.config["SQLALCHEMY_ENGINE_OPTIONS"])
        configure_engine(engine)
        with use_engine(shared_app, engine), shared_app.app_context():
            make_tables()
            found = create_cast()
        yield engine, found
        engine.dispose()


@pytest.fixture
def app(shared_app: Flask, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """Return the app; roll its database back after the test.

    Every commit is a savepoint on one connection, which no other thread may use: the timers for the list of people in a
    room and for visits never fire.
    """
    monkeypatch.setattr("cop.chat.live.Timer", Mock())
    monkeypatch.setattr("cop.society.visits.Timer", Mock())
    with_cast = "cast" in request.fixturenames
    engine = request.getfixturevalue("cast_database")[0] if with_cast else db._app_engines[shared_app][None]
    options = db.session.session_factory.kw  # type: ignore[attr-defined]
    options["join_transaction_mode"] = "create_savepoint"
    clear_caches()
    with engine.connect() as connection, use_engine(shared_app, connection):
        outer = connection.begin()
        yield shared_app
        outer.rollback()
    options.pop("join_transaction_mode")
    clock.shift(timedelta(0))


def clear_caches() -> None:
    """Clear the caches of the process, so that tests do not affect each other."""
    bodies.clear()
    skeletons.clear()
    lists.clear()
    viewers.__init__()  # type: ignore[misc]
    visits.close()


class Client(FlaskClient):
    """A test client that acts as a browser: same-origin, with a session cookie, accepting HTML."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        headers = dict(kwargs.pop("headers", None) or {})
        if "Authorization" not in headers:
            headers.setdefault("Sec-Fetch-Site", "same-origin")
        headers.setdefault("Accept", "text/html")
        return super().open(*args, headers=headers, **kwargs)


@pytest.fixture
def cast(app: Flask, cast_database: tuple[Engine, SimpleNamespace]) -> SimpleNamespace:
    """Return the cast: Anna and Bram (a duo), Chris (community 2 only), Dina (expert), Eva (moderator), Fons (team),
    Gerda (reader), Hans (removed), Iris (administrator), Jan (moderator of community 2), Kees (deactivated); two
    communities."""
    found = deepcopy(cast_database[1])

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
def read(cast: SimpleNamespace) -> Any:
    """Return a function that reads a page as somebody: `read('anna', '/meetings')`.

    It sends their token, so that it works when the clock has gone on beyond their session.
    """

    def reading(who: str, url: str, status: int = 200) -> str:
        answer = cast.client(None).get(url, headers={**cast.api(who), "Accept": "text/html"})
        assert answer.status_code == status, answer.status
        return str(answer.text)

    return reading


@pytest.fixture
def ask(cast: SimpleNamespace) -> Any:
    """Return a function that asks the API as somebody: `ask('anna', 'put', url, answer='yes')`."""

    def asking(who: str, method: str, url: str, **given: Any) -> Any:
        more = {"json": given} if method != "get" else {}
        return getattr(cast.client(None), method)(url, headers=cast.api(who), **more)

    return asking


@pytest.fixture
def connect(app: Flask, cast: SimpleNamespace) -> Iterator[Any]:
    """Return a function that opens a socket with the session of a person or a given browser: `connect('anna')`.

    Close all sockets after the test.
    """
    opened = []

    def connecting(who: str | Client) -> Any:
        browser = cast.client(who) if isinstance(who, str) else who
        opened.append(socketio.test_client(app, flask_test_client=browser))
        return opened[-1]

    yield connecting
    for socket in opened:
        if socket.is_connected():
            socket.disconnect()


@pytest.fixture
def run_as(app: Flask, cast: SimpleNamespace) -> Any:
    """Return a function that runs a verb as a person on a thing: `run_as('anna', start, Community, id, …)`."""

    def run(who: str, verb: Any, kind: type[Any], id: int, **given: Any) -> Any:
        with app.app_context(), transaction():
            person = db.session.get(Person, getattr(cast, who))
            result = verb(person, db.session.get(kind, id), **given)
            db.session.flush()
            return getattr(result, "id", result)

    return run


@pytest.fixture
def outbox(app: Any) -> Any:
    """Return a function that runs the waiting jobs and lists the emails to an address: `outbox('nieuw@…')`."""

    def emails(to: str) -> list[Email]:
        with app.app_context():
            jobs.run_due()
            return [email for email in db.session.scalars(select(Email).order_by(Email.id)) if to in email.address]

    return emails


@pytest.fixture
def membership(app: Any, cast: Any) -> Any:
    """Return a function that reads a person's membership of the first community, preferably a current one:
    `membership('anna')`."""

    def read(who: str | int, community: int | None = None) -> Membership | None:
        person = getattr(cast, who) if isinstance(who, str) else who
        with app.app_context():
            return db.session.scalar(
                select(Membership)
                .where(Membership.person_id == person, Membership.community_id == (community or cast.one))
                .order_by(Membership.ended.is_not(None), Membership.id.desc())
                .limit(1)
            )

    return read


@pytest.fixture
def count_statements(app: Flask) -> Any:
    """Return a context manager that collects the SQL statements: `with count_statements() as statements:`."""

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
def journal_entries(app: Flask) -> Any:
    """Return a function that lists the journal entries of a verb: `journal_entries('threads.start')`."""

    def entries(verb: str) -> list[JournalEntry]:
        with app.app_context():
            return list(
                db.session.scalars(select(JournalEntry).where(JournalEntry.verb == verb).order_by(JournalEntry.id))
            )

    return entries
