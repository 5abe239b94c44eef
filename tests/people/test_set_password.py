"""people.set_password: sets a password and ends the other sessions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cop.base import clock
from cop.base.action import transaction
from cop.base.db import db
from cop.people import passwords
from cop.society.credentials import new_session
from cop.society.people import Person

WORDS = "paard batterij nietje juist"
JSON = {"Accept": "application/json"}


@pytest.fixture
def elsewhere(app: Any, cast: Any) -> Any:
    """Return another browser of Anna."""
    browser = cast.client(None)
    with app.app_context(), transaction():
        browser.set_cookie("cop", new_session(db.session.get(Person, cast.anna)))
    return browser


def test_works(cast: Any, connect: Any, elsewhere: Any, person: Any, post: Any) -> None:
    browser = cast.client("anna")
    socket = connect(elsewhere)
    answer = browser.post("/settings/password", data={"password": WORDS})
    assert answer.location == "/settings/sign-in", answer.text
    assert browser.get_cookie("cop").value != cast.cookies["anna"]
    assert browser.get("/me", headers=JSON).status_code == 200
    assert elsewhere.get("/me", headers=JSON).status_code == 401
    assert cast.client("anna").get("/me", headers=JSON).status_code == 401
    assert not socket.is_connected()
    password_hash = person(cast.anna).password
    assert password_hash.startswith("$argon2id$")
    assert passwords.verify(password_hash, WORDS)
    email = post.last("anna@proef.example")
    assert email.subject == "Uw wachtwoord is gewijzigd"
    assert WORDS not in email.text + email.html


def test_works_by_api(cast: Any, person: Any) -> None:
    answer = cast.client(None).put("/api/v1/settings/password", headers=cast.api("anna"), json={"password": WORDS})
    assert answer.status_code == 200
    assert person(cast.anna).password
    assert cast.client(None).get("/api/v1/me", headers=cast.api("anna")).status_code == 401


@pytest.mark.parametrize(
    "password",
    ["kort", "Welkom2017!!", "123456789012", "annaadem2017!", "Woonstichting Proef 1", "aaaaaaaaaaaa", "x" * 301],
)
def test_bad_input_names_the_field(cast: Any, person: Any, password: str) -> None:
    answer = cast.client(None).put("/api/v1/settings/password", headers=cast.api("anna"), json={"password": password})
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == ["password"]
    page = cast.client("anna").post("/settings/password", data={"password": password})
    assert page.status_code == 422
    assert password not in page.text
    assert person(cast.anna).password is None


def test_current_password_is_required_later(app: Any, cast: Any, person: Any) -> None:
    with app.app_context(), transaction():
        db.session.get(Person, cast.anna).password = passwords.hash(WORDS)
    clock.shift(timedelta(hours=2))
    browser = cast.client("anna")
    assert 'name="current"' in browser.get("/settings/sign-in").text
    refused = browser.post("/settings/password", data={"password": "een heel ander geheel", "current": "gok"})
    assert refused.status_code == 422
    assert 'id="f-current-error"' in refused.text
    known = browser.post("/settings/password", data={"password": "een heel ander geheel", "current": WORDS})
    assert known.status_code == 303
    assert passwords.verify(person(cast.anna).password, "een heel ander geheel")


def test_guesses_of_the_current_password_are_limited(app: Any, cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with app.app_context(), transaction():
        db.session.get(Person, cast.anna).password = "kept"
    monkeypatch.setattr(passwords, "verify", lambda password_hash, password: False)
    clock.shift(timedelta(hours=2))
    form = {"password": "een heel ander geheel", "current": "gok"}
    statuses = [cast.client("anna").post("/settings/password", data=form).status_code for _try in range(11)]
    assert statuses == [422] * 10 + [429]


def test_password_can_be_removed(app: Any, cast: Any, person: Any) -> None:
    with app.app_context(), transaction():
        db.session.get(Person, cast.anna).password = passwords.hash(WORDS)
    assert cast.client("anna").post("/settings/password", data={"password": "", "remove": "1"}).status_code == 303
    assert person(cast.anna).password is None


def test_signed_out_must_sign_in(cast: Any) -> None:
    assert cast.client(None).post("/settings/password", data={"password": WORDS}).location.startswith("/sign-in")


def test_is_journalled(cast: Any, journal_entries: Any) -> None:
    cast.client("anna").post("/settings/password", data={"password": WORDS})
    entry = journal_entries("people.set_password")[-1]
    assert (entry.object_id, entry.details) == (cast.anna, {"removed": 0})
