"""The app, the cast and the clients that every test uses."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from cop import create_app
from cop.base import clock, question
from cop.base.action import unit
from cop.base.db import Base, db
from cop.base.journal import Entry
from cop.base.web.pages import kept
from cop.config import Settings
from cop.people.models import Affiliation, Organisation, Person, new_session, new_token
from cop.programmes.models import Community, Membership, Programme, TeamMember

SECRET = "a-key-for-tests-of-more-than-32-characters"
BASE = "http://localhost"


def settings(folder: Any, **given: Any) -> Settings:
    """Settings of a development app below `folder`; the database is the one the run was asked for."""
    url = os.environ.get("COP_TEST_DATABASE_URL", "")
    return Settings.read(
        {},
        **{
            "mode": "development",
            "data": str(folder),
            "secret_key": SECRET,
            "base_url": BASE,
            "database_url": url,
            **given,
        },
    )


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The one app of the run, with an empty database of today's models."""
    from cop.search import models as search

    app = create_app(settings(tmp_path_factory.mktemp("data")))
    app.testing = True
    with app.app_context():
        Base.metadata.drop_all(db.engine)
        Base.metadata.create_all(db.engine)
        search.create_index()
        yield_engine = db.engine
    yield app
    yield_engine.dispose()


@pytest.fixture
def app(served: Flask) -> Iterator[Flask]:
    """The app, its database as it was before once the test is done: every commit is a savepoint."""
    with served.app_context():
        engine = db.engine
        connection = engine.connect()
        outer = connection.begin()
    options = db.session.session_factory.kw  # type: ignore[attr-defined]
    engines = db._app_engines[served]  # Flask-SQLAlchemy ignores a session's bind: the engine itself is swapped
    engines[None] = connection
    options["join_transaction_mode"] = "create_savepoint"
    kept.clear()
    yield served
    engines[None] = engine
    options.pop("join_transaction_mode")
    outer.rollback()
    connection.close()
    clock.shift(timedelta(0))


class Client(FlaskClient):
    """A browser: same-origin, a session cookie, HTML."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        headers = dict(kwargs.pop("headers", None) or {})
        if "Authorization" not in headers:
            headers.setdefault("Sec-Fetch-Site", "same-origin")
        headers.setdefault("Accept", "text/html")
        return super().open(*args, headers=headers, **kwargs)


@pytest.fixture
def cast(app: Flask) -> SimpleNamespace:
    """Anna and Bram (a duo), Chris (community 2 only), Dina (expert), Eva (moderator), Fons (team), Gerda (reader),
    Hans (removed), Iris (administrator), Jan (moderator of community 2), Kees (deactivated); two communities."""
    with app.app_context(), unit():
        add = db.session.add
        programme = Programme(slug="proef", name="Proefprogramma")
        add(programme)
        db.session.flush()
        one = Community(programme_id=programme.id, slug="een", name="Eerste kring", position=1)
        two = Community(programme_id=programme.id, slug="twee", name="Tweede kring", position=2)
        home = Organisation(kind="housing", name="Woonstichting Proef")
        town = Organisation(kind="municipality", name="Gemeente Proefdam")
        know = Organisation(kind="knowledge", name="Kennisinstituut Proef")
        db.session.add_all([one, two, home, town, know])
        db.session.flush()
        people: dict[str, Person] = {}
        for key, name, organisation in (
            ("anna", "Anna Adem", home),
            ("bram", "Bram Baan", town),
            ("chris", "Chris Ceder", town),
            ("dina", "Dina Deskundig", know),
            ("eva", "Eva Even", know),
            ("fons", "Fons Feit", know),
            ("gerda", "Gerda Gids", town),
            ("hans", "Hans Heen", home),
            ("iris", "Iris Inzicht", know),
            ("jan", "Jan Juist", home),
            ("kees", "Kees Klaar", home),
        ):
            person = people[key] = Person(
                mail=f"{key}@proef.example",
                name=name,
                state="active",
                entered=clock.now(),
                organisation_id=organisation.id,
            )
            add(person)
            db.session.flush()
            add(Affiliation(person_id=person.id, organisation_id=organisation.id))
        people["iris"].is_admin = True
        people["kees"].state = "deactivated"
        for key, community, role in (
            ("anna", one, "member"),
            ("bram", one, "member"),
            ("chris", two, "member"),
            ("dina", one, "expert"),
            ("eva", one, "moderator"),
            ("gerda", one, "reader"),
            ("jan", two, "moderator"),
            ("kees", one, "member"),
        ):
            add(Membership(person_id=people[key].id, community_id=community.id, role=role))
        add(Membership(person_id=people["hans"].id, community_id=one.id, role="member", ended=clock.now()))
        add(TeamMember(programme_id=programme.id, person_id=people["fons"].id))
        ids = {key: person.id for key, person in people.items()}
        cookies = {key: new_session(person) for key, person in people.items()}
        tokens = {key: new_token(person) for key, person in people.items()}
        found = SimpleNamespace(
            programme=programme.id, one=one.id, two=two.id, organisations=[home.id, town.id, know.id], **ids
        )

    def client(who: str | None) -> Client:
        browser = Client(app, app.response_class)
        if who and who != "gast":
            browser.set_cookie("cop", cookies[who])
        return browser

    def api(who: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {tokens[who]}", "Accept": "application/json"}

    found.client, found.api, found.cookies, found.tokens = client, api, cookies, tokens
    return found


@pytest.fixture
def by(app: Flask, cast: SimpleNamespace) -> Any:
    """`by('anna', start, community_id, …)`: runs a verb as somebody, on a thing given by kind and id."""

    def run(who: str, verb: Any, kind: type[Any], id: int, **given: Any) -> Any:
        with app.app_context(), unit():
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
        question.listeners.append(seen.append)
        try:
            yield seen
        finally:
            question.listeners.remove(seen.append)
            event.remove(connection, "before_cursor_execute", note)

    return counting


@pytest.fixture
def told(app: Flask) -> Any:
    """`told('threads.start')`: the journal's entries of a verb."""

    def entries(verb: str) -> list[Entry]:
        with app.app_context():
            return list(db.session.scalars(select(Entry).where(Entry.verb == verb).order_by(Entry.id)))

    return entries
