"""A reply passes few functions of ours between its endpoint and its rows."""

from __future__ import annotations

import traceback
from typing import Any

import pytest

from cop.things import bodies, versions


def test_reply_is_at_most_four_frames_from_endpoint_to_row(cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Frames of features, society, access and things count; those of the ground are the same for every verb."""
    sent = {"title": "Vraag", "body": "Wie?"}
    thread = cast.client(None).post("/api/v1/communities/een/threads", headers=cast.api("anna"), json=sent).json["id"]
    counted: dict[str, list[str]] = {}

    def names() -> list[str]:
        ours = [f for f in traceback.extract_stack() if "/cop/" in f.filename and "/cop/base/" not in f.filename]
        return [f.name for f in ours]

    def count(row: Any, insert: Any = versions.insert_row) -> None:
        counted[type(row).__name__] = names()
        insert(row)

    def count_body(kind: Any, *given: Any, insert: Any = bodies.insert_values, **values: Any) -> None:
        counted[kind.__name__] = names()
        insert(kind, *given, **values)

    monkeypatch.setattr(versions, "insert_row", count)
    monkeypatch.setattr(bodies, "insert_values", count_body)
    assert cast.client("anna").post(f"/threads/{thread}/posts", data={"body": "Wij"}).status_code == 303
    assert counted == {"Post": ["reply", "reply", "write", "add"], "Body": ["reply", "reply", "write", "write_body"]}
