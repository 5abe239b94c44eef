"""communities.add: the programme team opens a community."""

from __future__ import annotations

from typing import Any

import pytest

NEW = {"name": "Derde kring", "slug": "derde", "purpose": "Waar het om gaat.", "themes": "nazorg, buurt,, nazorg"}


def test_works(cast: Any) -> None:
    assert "Nieuwe praktijkgemeenschap" in cast.client("fons").get("/programmes/proef/communities/new").text
    answer = cast.client("fons").post("/programmes/proef/communities", data=NEW)
    assert answer.status_code == 303
    assert answer.location == "/programmes/proef/edit"
    page = cast.client("fons").get("/communities/derde")
    assert page.status_code == 200
    assert "Waar het om gaat." in page.text
    assert page.text.count("<li>nazorg</li>") == 1
    assert cast.client("anna").get("/communities/derde").status_code == 404


def test_new_community_comes_last(cast: Any) -> None:
    for slug in ("derde", "vierde"):
        cast.client("fons").post("/programmes/proef/communities", data={"name": slug, "slug": slug})
    listed = cast.client(None).get("/api/v1/communities", headers=cast.api("fons")).json["items"]
    assert [one["slug"] for one in listed] == ["een", "twee", "derde", "vierde"]


def test_works_by_api(cast: Any) -> None:
    answer = cast.client(None).post(
        "/api/v1/programmes/proef/communities",
        headers=cast.api("iris"),
        json={"name": "Derde kring", "slug": "derde", "themes": ["nazorg", "buurt"]},
    )
    assert answer.status_code == 201
    assert answer.json["themes"] == ["nazorg", "buurt"]
    assert answer.json["role"] is None


def test_stranger_gets_404(cast: Any) -> None:
    assert cast.client("hans").post("/programmes/proef/communities", data=NEW).status_code == 404


def test_wrong_role_gets_403(cast: Any, app: Any) -> None:
    for who in ("anna", "eva", "gerda"):
        assert cast.client(who).post("/programmes/proef/communities", data=NEW).status_code == 403, who
        assert cast.client(who).get("/programmes/proef/communities/new").status_code == 403, who


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": " ", "slug": "derde"}, "name"),
        ({"name": "Derde", "slug": "Derde kring"}, "slug"),
        ({"name": "Derde", "slug": "een"}, "slug"),
        ({"name": "Derde", "slug": "new"}, "slug"),
        ({"name": "Derde", "slug": "derde", "purpose": "x" * 4001}, "purpose"),
        ({"name": "Derde", "slug": "derde", "themes": ["x" * 61]}, "themes"),
    ],
)
def test_bad_input_names_the_field(cast: Any, given: dict[str, Any], field: str) -> None:
    answer = cast.client(None).post("/api/v1/programmes/proef/communities", headers=cast.api("fons"), json=given)
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [field]
    page = cast.client("fons").post("/programmes/proef/communities", data=given)
    assert page.status_code == 422
    assert f'id="f-{field}-error"' in page.text


def test_is_journalled(cast: Any, journal_entries: Any) -> None:
    cast.client("fons").post("/programmes/proef/communities", data=NEW)
    entry = journal_entries("communities.add")[-1]
    assert (entry.person_id, entry.object_id) == (cast.fons, cast.programme)
    assert list(entry.details) == ["community"]
