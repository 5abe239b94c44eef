"""people.demote: takes away administrator rights."""

from __future__ import annotations

from typing import Any


def test_works(cast: Any, person: Any) -> None:
    cast.client("iris").post(f"/people/{cast.eva}/administration")
    assert cast.client("eva").post(f"/people/{cast.iris}/administration/delete").location == f"/people/{cast.iris}"
    assert not person(cast.iris).is_admin
    assert cast.client("iris").get("/people").status_code == 404


def test_works_by_api(cast: Any, person: Any) -> None:
    cast.client("iris").post(f"/people/{cast.eva}/administration")
    answer = cast.client(None).delete(f"/api/v1/people/{cast.eva}/administration", headers=cast.api("iris"))
    assert answer.status_code == 200
    assert not person(cast.eva).is_admin


def test_last_administrator_cannot_be_demoted(cast: Any, person: Any) -> None:
    answer = cast.client("iris").post(f"/people/{cast.iris}/administration/delete")
    assert answer.status_code == 409
    assert "Dit is de laatste beheerder." in answer.text
    refused = cast.client(None).delete(f"/api/v1/people/{cast.iris}/administration", headers=cast.api("iris"))
    assert refused.status_code == 409
    assert refused.json["detail"].startswith("Dit is de laatste beheerder.")
    assert person(cast.iris).is_admin


def test_administrator_who_has_not_entered_does_not_count(app: Any, cast: Any) -> None:
    cast.client("iris").post("/people", data={"mail": "n@proef.example", "name": "Nina Nieuw", "admin": "1"})
    assert cast.client("iris").post(f"/people/{cast.iris}/administration/delete").status_code == 409


def test_wrong_role_gets_403(cast: Any) -> None:
    cast.client("iris").post(f"/people/{cast.fons}/administration")
    assert cast.client("eva").post(f"/people/{cast.fons}/administration/delete").status_code == 403


def test_stranger_gets_404(cast: Any, newcomer: Any) -> None:
    assert cast.client("anna").post(f"/people/{newcomer[0]}/administration/delete").status_code == 404


def test_is_journalled(cast: Any, journal_entries: Any) -> None:
    cast.client("iris").post(f"/people/{cast.eva}/administration")
    cast.client("iris").post(f"/people/{cast.eva}/administration/delete")
    assert journal_entries("people.demote")[-1].object_id == cast.eva
