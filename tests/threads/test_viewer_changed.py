"""A page that was open while somebody else signed in: what it sends is stored in nobody's name."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from cop.threads.models import posts

KEY = "8b7c4a52-6f0e-4f0a-9a52-1f5f3a1f9c01"


def test_draft_of_a_page_for_somebody_else_is_not_kept(cast: Any, thread: SimpleNamespace) -> None:
    bram = cast.client("bram")

    def keep(viewer: int) -> int:
        given = {"place": f"thread:{thread.id}", "fields": {"body": "Vertrouwelijk"}, "revision": 1, "base": 0}
        headers = {"X-Viewer": str(viewer), "Accept": "application/json"}
        return int(bram.put(f"/api/v1/drafts/{KEY}", json={**given, "writer": "w"}, headers=headers).status_code)

    def kept() -> list[Any]:
        return list(bram.get("/api/v1/drafts", headers={"Accept": "application/json"}).json["items"])

    assert (keep(cast.anna), kept()) == (401, [])
    assert keep(cast.bram) == 204
    assert [draft["fields"]["body"] for draft in kept()] == ["Vertrouwelijk"]


def test_reply_on_a_page_for_somebody_else_is_refused(app: Any, cast: Any, thread: SimpleNamespace) -> None:
    given = {"body": "Vertrouwelijk", "client_id": KEY}
    refused = cast.client("bram").post(f"/threads/{thread.id}/posts", data=given, headers={"X-Viewer": str(cast.anna)})
    assert refused.status_code == 401
    assert "In deze browser is intussen iemand anders aangemeld." in refused.text
    assert "Vertrouwelijk" not in refused.text
    with app.app_context():
        assert len(posts(thread.id).items) == 2


def test_pages_are_shown_to_who_is_signed_in_now(cast: Any, thread: SimpleNamespace) -> None:
    shown = cast.client("bram").get(f"/threads/{thread.id}", headers={"X-Viewer": str(cast.anna)})
    assert shown.status_code == 200
