"""Sign-in as one of the cast, only in the demonstration."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cop import create_app
from cop.base.action import transaction
from cop.base.db import Base, db
from cop.config import Settings
from cop.search.models import create_index
from cop.society.organisations import Organisation
from cop.society.people import Person
from tests.conftest import Client


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return a separate demonstration with one person, and the id of that person."""
    folder: Path = tmp_path_factory.mktemp("demo")
    app = create_app(Settings.read({}, mode="demo", data=folder, base_url="http://localhost"))
    with app.app_context():
        Base.metadata.create_all(db.engine)
        create_index()
        with transaction():
            organisation = Organisation(kind="municipality", name="Gemeente Waterveen")
            db.session.add(organisation)
            db.session.flush()
            person = Person(
                mail="w@waterveen.example", name="Willemijn Voorbeeld", state="active", organisation_id=organisation.id
            )
            db.session.add(person)
            db.session.flush()
            id = person.id
    yield app, id
    with app.app_context():
        db.engine.dispose()


def test_works(demo: Any) -> None:
    app, id = demo
    browser = Client(app, app.response_class)
    page = browser.get("/sign-in").text
    assert "Willemijn Voorbeeld" in page
    assert "Gemeente Waterveen" in page
    answer = browser.post("/sign-in/as", data={"person": id, "next": "/help"})
    assert answer.status_code == 303
    assert answer.location == "/help"
    assert browser.get("/sign-in").status_code == 302


def test_unknown_person_gets_404(demo: Any) -> None:
    app, id = demo
    assert Client(app, app.response_class).post("/sign-in/as", data={"person": id + 1}).status_code == 404


def test_only_loopback_is_allowed(demo: Any) -> None:
    app, id = demo
    answer = Client(app, app.response_class).post(
        "/sign-in/as", data={"person": id}, headers={"X-Forwarded-For": "203.0.113.9"}
    )
    assert answer.status_code == 400


def test_refused_in_other_modes(cast: Any) -> None:
    browser = cast.client(None)
    assert "Anna Adem" not in browser.get("/sign-in").text
    assert browser.post("/sign-in/as", data={"person": cast.anna}).status_code == 404
    assert browser.get_cookie("cop") is None
