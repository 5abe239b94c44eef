"""programmes.add: an administrator creates a programme."""

from __future__ import annotations

from typing import Any

import pytest

NEW = {"name": "Magic Mix", "slug": "magic-mix", "about": "Samen **gemengd** wonen.", "phase": "recruiting"}


def test_works(cast: Any) -> None:
    assert "Nieuw programma" in cast.client("iris").get("/programmes").text
    assert cast.client("iris").get("/programmes/new").status_code == 200
    answer = cast.client("iris").post("/programmes", data=NEW)
    assert (answer.status_code, answer.location) == (303, "/programmes/magic-mix/edit")
    assert cast.client("iris").get(answer.location).status_code == 200
    page = cast.client("iris").get("/programmes/magic-mix").text
    assert "Samen <strong>gemengd</strong> wonen." in page
    assert '<li aria-current="step"><b>Werving</b>' in page
    assert "Er is nog geen programmateam." in page
    assert "Magic Mix" in cast.client("iris").get("/programmes").text


def test_works_by_api(cast: Any) -> None:
    answer = cast.client(None).post("/api/v1/programmes", headers=cast.api("iris"), json=NEW)
    assert answer.status_code == 201
    assert (answer.json["slug"], answer.json["phase"], answer.json["url"]) == (
        "magic-mix",
        "recruiting",
        "/programmes/magic-mix",
    )
    listed = cast.client(None).get("/api/v1/programmes", headers=cast.api("iris")).json["items"]
    assert [one["slug"] for one in listed] == ["magic-mix", "proef"]
    listed = cast.client(None).get("/api/v1/programmes", headers=cast.api("anna")).json["items"]
    assert [one["slug"] for one in listed] == ["proef"]


def test_wrong_role_gets_403(cast: Any) -> None:
    for who in ("anna", "eva", "fons", "hans"):
        assert cast.client(who).post("/programmes", data=NEW).status_code == 403, who
        assert cast.client(who).get("/programmes/new").status_code == 403, who


def test_stranger_gets_404(cast: Any) -> None:
    cast.client("iris").post("/programmes", data=NEW)
    for who in ("anna", "fons", "hans"):
        assert cast.client(who).get("/programmes/magic-mix").status_code == 404, who
        assert "Magic Mix" not in cast.client(who).get("/programmes").text, who


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": ""}, "name"),
        ({"slug": "x"}, "slug"),
        ({"slug": "Magic Mix"}, "slug"),
        ({"slug": "proef"}, "slug"),
        ({"slug": "new"}, "slug"),
        ({"phase": "klaar"}, "phase"),
        ({"about": "x" * 4001}, "about"),
        ({"about": "> " * 300}, "about"),
    ],
)
def test_bad_input_names_the_field(cast: Any, given: dict[str, str], field: str) -> None:
    answer = cast.client(None).post("/api/v1/programmes", headers=cast.api("iris"), json={**NEW, **given})
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [field]
    page = cast.client("iris").post("/programmes", data={**NEW, **given})
    assert page.status_code == 422
    assert f'id="f-{field}-error"' in page.text


def test_is_journalled(cast: Any, journal_entries: Any) -> None:
    cast.client("iris").post("/programmes", data=NEW)
    entry = journal_entries("programmes.add")[-1]
    assert entry.person_id == cast.iris
    assert list(entry.details) == ["programme"]
