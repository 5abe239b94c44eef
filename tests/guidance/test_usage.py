"""Guidance says by whom it was used, on its page and in the list, and offers to say so once it was adopted."""

from __future__ import annotations

from typing import Any


def test_adopted_guidance_is_used_and_says_so(cast: Any, read: Any, adopted: dict[str, Any]) -> None:
    page = read("anna", adopted["url"])
    assert f"/things/{adopted['id']}/uses#report" in page
    sent = {"purpose": "Ons plan van aanpak"}
    made = cast.client(None).post(f"/api/v1/things/{adopted['id']}/uses", json=sent, headers=cast.api("anna"))
    assert made.status_code == 201, made.json
    assert "gebruikt door 1 organisatie" in read("bram", adopted["url"])
    assert "gebruikt door 1 organisatie" in read("bram", "/communities/een/guidance")


def test_draft_is_not_offered(read: Any, draft: dict[str, Any]) -> None:
    assert "uses#report" not in read("eva", draft["url"])


def test_draft_has_no_versions_yet(read: Any, draft: dict[str, Any]) -> None:
    assert "Nog niet vastgesteld" in read("eva", f"{draft['url']}/versions")
