"""`cop people …` and `cop token`: the same verbs from the command line."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask

from cop import create_app
from cop.base.action import transaction
from cop.base.db import Base, db
from cop.cli.people import first_link, people, token
from cop.search.models import create_index
from cop.society.memberships import Membership
from cop.society.people import Person, by_mail
from cop.society.programmes import Community, Programme
from tests.conftest import SECRET, Client, settings


@pytest.fixture
def app_and_run(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return an app with an empty database, and `run(command, …)`."""
    monkeypatch.setenv("COP_MODE", "development")
    monkeypatch.setenv("COP_DATA", str(tmp_path))
    monkeypatch.setenv("COP_BASE_URL", "http://localhost")
    monkeypatch.setenv("COP_SECRET_KEY", SECRET)
    app = create_app(settings(tmp_path, database_url=""))
    with app.app_context():
        Base.metadata.create_all(db.engine)
        create_index()

    def run(command: Any, *arguments: str, code: int = 0) -> str:
        result = CliRunner().invoke(command, arguments)
        assert result.exit_code == code, result.output
        return result.output.strip()

    yield app, run
    with app.app_context():
        db.engine.dispose()


def enter(app: Flask, address: str) -> Client:
    browser = Client(app, app.response_class)
    assert browser.post(address.removeprefix("http://localhost")).status_code == 303
    browser.post("/welcome", data={"name": "Iris Inzicht", "rules": "1", "privacy": "1"})
    return browser


def test_added_person_can_enter(app_and_run: Any) -> None:
    app, run = app_and_run
    address = run(people, "add", "iris@proef.example", "--name", "Iris Inzicht", "--admin")
    assert enter(app, address).get("/people").status_code == 200
    assert "al iemand" in run(people, "add", "IRIS@proef.example", "--name", "Iris", code=1)


def test_list_of_people(app_and_run: Any) -> None:
    app, run = app_and_run
    run(people, "add", "anna@proef.example", "--name", "Anna Adem")
    with app.app_context(), transaction():
        programme = Programme(slug="proef", name="Proef")
        db.session.add(programme)
        db.session.flush()
        community = Community(programme_id=programme.id, slug="een", name="Een")
        db.session.add(community)
        db.session.flush()
        db.session.add(Membership(person_id=by_mail("anna@proef.example").id, community_id=community.id, role="expert"))
    assert json.loads(run(people, "list", "--json")) == [
        {
            "id": 1,
            "name": "Anna Adem",
            "mail": "anna@proef.example",
            "organisation": None,
            "roles": {"een": "expert"},
            "admin": False,
            "state": "invited",
        }
    ]
    assert "een: expert" in run(people, "list")


def test_link_and_token(app_and_run: Any) -> None:
    app, run = app_and_run
    run(people, "add", "anna@proef.example", "--name", "Anna Adem")
    enter(app, run(people, "link", "anna@proef.example"))
    secret = run(token, "Anna@proef.example")
    answer = Client(app, app.response_class).get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"})
    assert answer.json["mail"] == "anna@proef.example"
    assert "nobody has the address" in run(token, "x@y.nl", code=1)


def test_first_administrator(app_and_run: Any) -> None:
    app, _run = app_and_run
    lost, address = first_link(app), first_link(app)
    assert lost != address
    browser = enter(app, address)
    assert browser.get("/people").status_code == 200
    with app.app_context():
        assert db.session.query(Person).count() == 1
    assert first_link(app) is None
