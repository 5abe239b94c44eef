"""people.sign_out: ends this session on the server and closes its sockets."""

from __future__ import annotations

from typing import Any

from cop.base.action import transaction
from cop.base.db import db
from cop.society.credentials import new_session
from cop.society.people import Person

JSON = {"Accept": "application/json"}


def test_works(cast: Any) -> None:
    browser = cast.client("anna")
    answer = browser.post("/sign-out")
    assert answer.status_code == 303
    assert answer.location == "/sign-in"
    assert browser.get_cookie("cop") is None
    replayed = cast.client("anna")
    assert replayed.get("/me", headers=JSON).status_code == 401
    assert replayed.get("/").status_code == 303


def test_works_by_api(cast: Any) -> None:
    assert cast.client(None).post("/api/v1/sign-out", headers=cast.api("anna"), json={}).status_code == 204
    assert cast.client(None).get("/api/v1/me", headers=cast.api("anna")).status_code == 401
    assert cast.client("anna").get("/me", headers=JSON).status_code == 200


def test_other_own_session_can_be_ended(app: Any, cast: Any) -> None:
    with app.app_context(), transaction():
        other = new_session(db.session.get(Person, cast.anna), "Mozilla/5.0 (iPhone) Safari/604.1")
    away = cast.client(None)
    away.set_cookie("cop", other)
    assert away.get("/me", headers=JSON).status_code == 200
    page = cast.client("anna").get("/settings/sign-in").text
    assert "Safari op iPhone" in page
    number = page.split('name="session" value="')[1].split('"')[0]
    assert cast.client("anna").post("/sign-out", data={"session": number}).location == "/settings/sign-in"
    assert away.get("/me", headers=JSON).status_code == 401
    assert cast.client("anna").get("/me", headers=JSON).status_code == 200


def test_bad_input_names_the_field(cast: Any) -> None:
    answer = cast.client("anna").post("/sign-out", json={"session": "x"}, headers=JSON)
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["session"])


def test_session_of_another_person_is_not_ended(cast: Any) -> None:
    browser = cast.client("bram")
    browser.get("/settings/sign-in")
    for session in range(1, 40):
        browser.post("/sign-out", data={"session": session})
    assert cast.client("anna").get("/me", headers=JSON).status_code == 200


def test_sockets_of_the_session_are_closed(cast: Any, connect: Any) -> None:
    socket = connect("anna")
    other = connect("bram")
    assert socket.is_connected()
    cast.client("anna").post("/sign-out")
    assert not socket.is_connected()
    assert other.is_connected()
    assert not connect("anna").is_connected()


def test_signed_out_must_sign_in(cast: Any) -> None:
    assert cast.client(None).post("/sign-out").status_code == 303
    assert cast.client(None).post("/sign-out", headers=JSON).status_code == 401


def test_is_journalled(cast: Any, journal_entries: Any) -> None:
    cast.client("anna").post("/sign-out")
    assert journal_entries("people.sign_out")[-1].person_id == cast.anna
