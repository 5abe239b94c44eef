"""people.reactivate: opens the account again; old sessions stay ended."""

from __future__ import annotations

from typing import Any


def test_works(cast: Any, person: Any) -> None:
    cast.client("iris").post(f"/people/{cast.anna}/deactivation")
    assert cast.client("iris").post(f"/people/{cast.anna}/deactivation/delete").location == f"/people/{cast.anna}"
    assert person(cast.anna).state == "active"
    assert cast.client("anna").get("/me", headers={"Accept": "application/json"}).status_code == 401


def test_person_who_never_entered_is_invited_again(cast: Any, newcomer: Any, person: Any) -> None:
    for path in ("deactivation", "deactivation/delete"):
        cast.client("iris").post(f"/people/{newcomer[0]}/{path}")
    assert person(newcomer[0]).state == "invited"


def test_works_by_api(cast: Any) -> None:
    answer = cast.client(None).delete(f"/api/v1/people/{cast.kees}/deactivation", headers=cast.api("iris"))
    assert answer.json["state"] == "active"


def test_wrong_role_gets_403(cast: Any, person: Any) -> None:
    assert cast.client("eva").post(f"/people/{cast.kees}/deactivation/delete").status_code == 403
    assert person(cast.kees).state == "deactivated"


def test_stranger_gets_404(cast: Any, newcomer: Any) -> None:
    assert cast.client("anna").post(f"/people/{newcomer[0]}/deactivation/delete").status_code == 404


def test_is_journalled(cast: Any, journal_entries: Any) -> None:
    cast.client("iris").post(f"/people/{cast.kees}/deactivation/delete")
    assert journal_entries("people.reactivate")[-1].object_id == cast.kees
