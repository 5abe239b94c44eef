"""communities.edit: a moderator changes name and purpose."""

from __future__ import annotations

from typing import Any


def test_works(cast: Any) -> None:
    assert "Eerste kring" in cast.client("eva").get("/communities/een/edit").text
    answer = cast.client("eva").post(
        "/communities/een", data={"name": "Zachte landing", "purpose": "De eerste weken.", "themes": "nazorg"}
    )
    assert answer.status_code == 303
    page = cast.client("anna").get(answer.location)
    assert "Zachte landing" in page.text
    assert "De eerste weken." in page.text


def test_works_by_api_and_changes_given_fields_only(cast: Any) -> None:
    cast.client("eva").post("/communities/een", data={"name": "Kring", "purpose": "Doel", "themes": "nazorg"})
    answer = cast.client(None).patch("/api/v1/communities/een", headers=cast.api("fons"), json={"themes": []})
    assert answer.status_code == 200
    assert answer.json["name"] == "Kring"
    assert answer.json["purpose"] == "Doel"
    assert answer.json["themes"] == []
    assert answer.json["slug"] == "een"


def test_field_can_be_cleared(cast: Any) -> None:
    cast.client("eva").post("/communities/een", data={"name": "Kring", "purpose": "Doel", "themes": "nazorg"})
    cast.client("eva").post("/communities/een", data={"name": "Kring", "purpose": "", "themes": ""})
    shown = cast.client(None).get("/api/v1/communities/een", headers=cast.api("anna")).json
    assert (shown["purpose"], shown["themes"]) == ("", [])


def test_stranger_gets_404(cast: Any) -> None:
    for who in ("chris", "hans", "jan", "iris"):
        assert cast.client(who).post("/communities/een", data={"name": "x"}).status_code == 404, who
        assert cast.client(who).get("/communities/een/edit").status_code == 404, who


def test_wrong_role_gets_403(cast: Any) -> None:
    for who in ("anna", "dina", "gerda"):
        assert cast.client(who).post("/communities/een", data={"name": "x"}).status_code == 403, who
        assert cast.client(who).get("/communities/een/edit").status_code == 403, who


def test_bad_input_names_the_field(cast: Any) -> None:
    answer = cast.client(None).patch("/api/v1/communities/een", headers=cast.api("eva"), json={"name": ""})
    assert answer.status_code == 422
    assert answer.json["errors"] == {"name": "Vul dit in."}
    page = cast.client("eva").post("/communities/een", data={"name": "", "purpose": "Blijft staan"})
    assert page.status_code == 422
    assert "Blijft staan" in page.text


def test_is_journalled(cast: Any, journal_entries: Any) -> None:
    cast.client("eva").post("/communities/een", data={"name": "Kring"})
    entry = journal_entries("communities.edit")[-1]
    assert (entry.person_id, entry.object_id, entry.community_id) == (cast.eva, cast.one, cast.one)
