"""people.sign_out_everywhere: ends every session, token and socket of a person."""

from __future__ import annotations

from typing import Any

JSON = {"Accept": "application/json"}


def test_works(cast: Any, connect: Any) -> None:
    socket = connect("anna")
    answer = cast.client("anna").post("/sign-out/everywhere")
    assert answer.location == "/sign-in"
    assert cast.client("anna").get("/me", headers=JSON).status_code == 401
    assert cast.client(None).get("/api/v1/me", headers=cast.api("anna")).status_code == 401
    assert not socket.is_connected()
    assert cast.client("bram").get("/me", headers=JSON).status_code == 200


def test_works_by_api(cast: Any) -> None:
    assert cast.client(None).post("/api/v1/sign-out/everywhere", headers=cast.api("anna")).status_code == 204
    assert cast.client("anna").get("/me", headers=JSON).status_code == 401


def test_signed_out_must_sign_in(cast: Any) -> None:
    assert cast.client(None).post("/sign-out/everywhere").status_code == 303


def test_is_journalled(cast: Any, journal_entries: Any) -> None:
    cast.client("anna").post("/sign-out/everywhere")
    assert journal_entries("people.sign_out_everywhere")[-1].object_id == cast.anna
