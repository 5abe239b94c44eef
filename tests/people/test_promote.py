"""people.promote: gives administrator rights."""

from __future__ import annotations

from typing import Any

import pytest


def test_works(cast: Any, person: Any) -> None:
    assert cast.client("iris").post(f"/people/{cast.eva}/administration").location == f"/people/{cast.eva}"
    assert person(cast.eva).is_admin
    assert cast.client("eva").get("/people").status_code == 200


def test_works_by_api(cast: Any, person: Any) -> None:
    answer = cast.client(None).put(f"/api/v1/people/{cast.eva}/administration", headers=cast.api("iris"))
    assert answer.status_code == 200
    assert person(cast.eva).is_admin


@pytest.mark.parametrize("who", ["anna", "eva", "fons"])
def test_wrong_role_gets_403(cast: Any, person: Any, who: str) -> None:
    assert cast.client(who).post(f"/people/{cast.eva}/administration").status_code == 403
    assert not person(cast.eva).is_admin


def test_stranger_gets_404(cast: Any, newcomer: Any) -> None:
    assert cast.client("anna").post(f"/people/{newcomer[0]}/administration").status_code == 404
    assert cast.client("iris").post("/people/9999/administration").status_code == 404


def test_bad_input_names_the_field(cast: Any) -> None:
    answer = cast.client(None).put(f"/api/v1/people/{cast.kees}/administration", headers=cast.api("iris"))
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == ["person"]
    assert "afgesloten" in cast.client("iris").post(f"/people/{cast.kees}/administration").text


def test_is_journalled(cast: Any, journal_entries: Any) -> None:
    cast.client("iris").post(f"/people/{cast.eva}/administration")
    entry = journal_entries("people.promote")[-1]
    assert (entry.person_id, entry.object_id) == (cast.iris, cast.eva)
