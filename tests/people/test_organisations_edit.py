"""organisations.edit: name, kind, region and description."""

from __future__ import annotations

from typing import Any

FORM = {"name": "Woonstichting De Proefhoek", "kind": "housing", "region": "Waterveen", "about": ""}


def test_works(cast: Any) -> None:
    path = f"/organisations/{cast.organisations[0]}"
    assert cast.client("fons").get(f"{path}/edit").status_code == 200
    assert cast.client("fons").post(path, data=FORM).location == path
    assert "Woonstichting De Proefhoek" in cast.client("anna").get(path).text


def test_works_by_api(cast: Any) -> None:
    answer = cast.client(None).patch(
        f"/api/v1/organisations/{cast.organisations[0]}", headers=cast.api("iris"), json={"region": "Oost"}
    )
    assert (answer.json["name"], answer.json["region"]) == ("Woonstichting Proef", "Oost")


def test_stranger_gets_404(cast: Any) -> None:
    assert cast.client("fons").post("/organisations/999", data=FORM).status_code == 404


def test_wrong_role_gets_403(cast: Any) -> None:
    path = f"/organisations/{cast.organisations[0]}"
    assert cast.client("anna").post(path, data=FORM).status_code == 403
    assert cast.client("anna").get(f"{path}/edit").status_code == 403


def test_bad_input_names_the_field(cast: Any) -> None:
    path = f"/organisations/{cast.organisations[0]}"
    for given in ({"name": " "}, {"name": "Gemeente Proefdam"}):
        answer = cast.client(None).patch(f"/api/v1{path}", headers=cast.api("fons"), json=given)
        assert answer.status_code == 422
        assert list(answer.json["errors"]) == ["name"]
    assert cast.client("fons").post(path, data={**FORM, "name": ""}).status_code == 422


def test_is_journalled(cast: Any, journal_entries: Any) -> None:
    cast.client("fons").post(f"/organisations/{cast.organisations[0]}", data=FORM)
    assert journal_entries("organisations.edit")[-1].object_id == cast.organisations[0]
