"""organisations.add: administrators and programme teams add organisations."""

from __future__ import annotations

from typing import Any

import pytest

FORM = {"name": "GGZ Denkbeeld", "kind": "care", "region": "Waterveen", "about": "Zorg in de wijk."}


@pytest.mark.parametrize("who", ["iris", "fons"])
def test_works(cast: Any, who: str) -> None:
    assert cast.client(who).get("/organisations").status_code == 200
    answer = cast.client(who).post("/organisations", data=FORM)
    assert answer.status_code == 303
    page = cast.client(who).get(answer.location).text
    for shown in ("GGZ Denkbeeld", "Zorgaanbieder", "Waterveen", "Zorg in de wijk."):
        assert shown in page


def test_works_by_api(cast: Any) -> None:
    answer = cast.client(None).post("/api/v1/organisations", headers=cast.api("fons"), json=FORM)
    assert answer.status_code == 201
    assert {k: answer.json[k] for k in FORM} == FORM
    listed = cast.client(None).get("/api/v1/organisations", headers=cast.api("fons")).json["items"]
    assert "GGZ Denkbeeld" in [o["name"] for o in listed]


def test_page_lists_people_visible_to_the_viewer(app: Any, cast: Any, newcomer: Any) -> None:
    page = cast.client("bram").get(f"/organisations/{cast.organisations[0]}").text
    assert "Anna Adem" in page
    assert "Kees Klaar" not in page
    assert "Nina Nieuw" not in page


@pytest.mark.parametrize("who", ["anna", "eva"])
def test_wrong_role_gets_403(cast: Any, who: str) -> None:
    assert cast.client(who).post("/organisations", data=FORM).status_code == 403
    assert cast.client(who).get("/organisations").status_code == 404


@pytest.mark.parametrize(("field", "value"), [("name", ""), ("name", "Woonstichting Proef"), ("kind", "bakker")])
def test_bad_input_names_the_field(cast: Any, field: str, value: str) -> None:
    answer = cast.client(None).post("/api/v1/organisations", headers=cast.api("fons"), json={**FORM, field: value})
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [field]
    page = cast.client("fons").post("/organisations", data={**FORM, field: value})
    assert page.status_code == 422
    assert "Zorg in de wijk." in page.text


def test_signed_out_must_sign_in(cast: Any) -> None:
    assert cast.client(None).post("/organisations", data=FORM).location.startswith("/sign-in")


def test_is_journalled(cast: Any, journal_entries: Any) -> None:
    cast.client("fons").post("/organisations", data=FORM)
    entry = journal_entries("organisations.add")[-1]
    assert entry.person_id == cast.fons
    assert list(entry.details) == ["organisation"]
