"""tokens.make: creates a bearer token for the API, shown once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cop.base import clock


def test_works(cast: Any) -> None:
    browser = cast.client("anna")
    page = browser.post("/tokens", data={"label": "Rapport", "days": ""})
    assert page.status_code == 201
    secret = page.text.split("<code>cop_")[1].split("<")[0]
    shown = browser.get("/settings/tokens").text
    assert "Rapport" in shown
    assert secret not in shown
    me = cast.client(None).get("/api/v1/me", headers={"Authorization": f"Bearer cop_{secret}"})
    assert me.json["id"] == cast.anna


def test_works_by_api(cast: Any) -> None:
    answer = cast.client(None).post("/api/v1/tokens", headers=cast.api("anna"), json={"label": "Rapport", "days": 30})
    assert answer.status_code == 201
    headers = {"Authorization": f"Bearer {answer.json['token']}"}
    listed = cast.client(None).get("/api/v1/tokens", headers=headers).json["items"]
    assert "Rapport" in [t["label"] for t in listed]
    assert "token" not in listed[0]
    clock.shift(timedelta(days=31))
    assert cast.client(None).get("/api/v1/me", headers=headers).status_code == 401


@pytest.mark.parametrize(("field", "value"), [("label", ""), ("days", 0), ("days", "veel")])
def test_bad_input_names_the_field(cast: Any, field: str, value: Any) -> None:
    answer = cast.client(None).post("/api/v1/tokens", headers=cast.api("anna"), json={"label": "Rapport", field: value})
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [field]
    assert cast.client("anna").post("/tokens", data={"label": "Rapport", field: value}).status_code == 422


def test_signed_out_must_sign_in(cast: Any) -> None:
    assert cast.client(None).post("/tokens", data={"label": "x"}).location.startswith("/sign-in")


def test_is_journalled(cast: Any, journal_entries: Any) -> None:
    cast.client("anna").post("/tokens", data={"label": "Rapport"})
    entry = journal_entries("tokens.make")[-1]
    assert entry.person_id == cast.anna
    assert "Rapport" not in str(entry.details)
