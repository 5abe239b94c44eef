"""tokens.revoke: a token stops working at once."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def token(cast: Any) -> Any:
    return cast.client(None).post("/api/v1/tokens", headers=cast.api("anna"), json={"label": "Rapport"}).json


def test_works(cast: Any, token: Any) -> None:
    assert cast.client("anna").post(f"/tokens/{token['id']}/delete").location == "/settings/tokens"
    assert cast.client(None).get("/api/v1/me", headers={"Authorization": f"Bearer {token['token']}"}).status_code == 401


def test_works_by_api(cast: Any, token: Any) -> None:
    assert cast.client(None).delete(f"/api/v1/tokens/{token['id']}", headers=cast.api("anna")).status_code == 204
    assert cast.client(None).delete(f"/api/v1/tokens/{token['id']}", headers=cast.api("anna")).status_code == 404


def test_stranger_gets_404(cast: Any, token: Any) -> None:
    for who in ("bram", "iris"):
        assert cast.client(who).post(f"/tokens/{token['id']}/delete").status_code == 404
    assert cast.client(None).get("/api/v1/me", headers={"Authorization": f"Bearer {token['token']}"}).status_code == 200


def test_is_journalled(cast: Any, token: Any, journal_entries: Any) -> None:
    cast.client("anna").post(f"/tokens/{token['id']}/delete")
    assert journal_entries("tokens.revoke")[-1].details == {"token": token["id"]}
