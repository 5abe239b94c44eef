"""people.deactivate: ends all access at once; posts stay."""

from __future__ import annotations

from typing import Any

JSON = {"Accept": "application/json"}


def test_works(cast: Any, connect: Any, person: Any, post: Any) -> None:
    cast.client(None).post("/sign-in", data={"mail": "anna@proef.example"})
    path = post.path("anna@proef.example")
    socket = connect("anna")
    assert cast.client("iris").post(f"/people/{cast.anna}/deactivation").location == f"/people/{cast.anna}"
    assert person(cast.anna).state == "deactivated"
    assert not socket.is_connected()
    assert cast.client("anna").get("/me", headers=JSON).status_code == 401
    assert cast.client(None).get("/api/v1/me", headers=cast.api("anna")).status_code == 401
    assert cast.client(None).post(path).status_code == 410
    cast.client(None).post(f"{path}/again")
    cast.client(None).post("/sign-in", data={"mail": "anna@proef.example"})
    assert len(post.all("anna@proef.example")) == 1
    assert "Neemt niet meer deel" in cast.client("bram").get(f"/people/{cast.anna}").text


def test_works_by_api(cast: Any, person: Any) -> None:
    answer = cast.client(None).put(f"/api/v1/people/{cast.anna}/deactivation", headers=cast.api("iris"))
    assert answer.json["state"] == "deactivated"
    again = cast.client(None).put(f"/api/v1/people/{cast.anna}/deactivation", headers=cast.api("iris"))
    assert again.status_code == 200


def test_last_administrator_cannot_be_deactivated(cast: Any, person: Any) -> None:
    assert cast.client("iris").post(f"/people/{cast.iris}/deactivation").status_code == 409
    assert person(cast.iris).state == "active"


def test_wrong_role_gets_403(cast: Any, person: Any) -> None:
    for who in ("bram", "eva", "fons", "anna"):
        assert cast.client(who).post(f"/people/{cast.anna}/deactivation").status_code == 403
    assert person(cast.anna).state == "active"


def test_stranger_gets_404(cast: Any, newcomer: Any) -> None:
    assert cast.client("anna").post(f"/people/{newcomer[0]}/deactivation").status_code == 404


def test_is_journalled(cast: Any, journal_entries: Any) -> None:
    cast.client("iris").post(f"/people/{cast.anna}/deactivation")
    entry = journal_entries("people.deactivate")[-1]
    assert (entry.person_id, entry.object_id) == (cast.iris, cast.anna)
