"""people.add and the list of people, for administrators."""

from __future__ import annotations

from typing import Any

import pytest

FORM = {"mail": "Nina@proef.example", "name": "Nina Nieuw"}


def test_works(cast: Any, post: Any) -> None:
    browser = cast.client("iris")
    assert browser.post("/people", data={**FORM, "organisation": cast.organisations[0]}).location == "/people"
    assert "Nina Nieuw krijgt een mail" in browser.get("/people").text
    email = post.last("Nina@proef.example")
    assert email.subject.startswith("Uitnodiging voor")
    assert "Iris Inzicht nodigt u uit" in email.text
    assert cast.client(None).post(post.path("Nina@proef.example")).status_code == 303


def test_works_by_api(cast: Any) -> None:
    answer = cast.client(None).post("/api/v1/people", headers=cast.api("iris"), json=FORM)
    assert answer.status_code == 201
    assert (answer.json["name"], answer.json["state"]) == ("Nina Nieuw", "invited")
    listed = cast.client(None).get("/api/v1/people?q=nina nieuw", headers=cast.api("iris"))
    assert [p["name"] for p in listed.json["items"]] == ["Nina Nieuw"]


def test_list_is_paged(cast: Any) -> None:
    seen, address = [], "/api/v1/people?limit=4"
    while address:
        page = cast.client(None).get(address, headers=cast.api("iris")).json
        seen += [p["name"] for p in page["items"]]
        address = page["next"]
    assert seen == sorted(seen)
    assert len(seen) == 11
    assert cast.client(None).get("/api/v1/people?q=%25", headers=cast.api("iris")).json["items"] == []
    assert cast.client("iris").get("/people?q=zzz").status_code == 200


@pytest.mark.parametrize("who", ["anna", "eva", "fons", "gerda"])
def test_wrong_role_gets_403(cast: Any, who: str) -> None:
    assert cast.client(who).get("/people").status_code == 404
    assert cast.client(who).post("/people", data=FORM).status_code in (403, 404)
    assert cast.client(None).post("/api/v1/people", headers=cast.api(who), json=FORM).status_code == 403


@pytest.mark.parametrize(
    ("field", "value"), [("mail", "x"), ("mail", "ANNA@proef.example"), ("name", ""), ("organisation", 999)]
)
def test_bad_input_names_the_field(cast: Any, field: str, value: Any) -> None:
    answer = cast.client(None).post("/api/v1/people", headers=cast.api("iris"), json={**FORM, field: value})
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [field]
    page = cast.client("iris").post("/people", data={**FORM, field: value})
    assert page.status_code == 422
    assert f'id="f-{field}-error"' in page.text


def test_signed_out_must_sign_in(cast: Any) -> None:
    assert cast.client(None).post("/people", data=FORM).location.startswith("/sign-in")


def test_is_journalled(cast: Any, journal_entries: Any) -> None:
    cast.client("iris").post("/people", data=FORM)
    entry = journal_entries("people.add")[-1]
    assert entry.person_id == cast.iris
    assert entry.details["admin"] == 0
