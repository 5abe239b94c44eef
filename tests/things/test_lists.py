"""An item in a list equals the thing itself, for every kind that programs can read."""

from __future__ import annotations

import io
from typing import Any

import pytest

from cop.base.action import transaction
from cop.base.db import db
from cop.chat.models import ensure_room
from cop.society.programmes import Community


@pytest.mark.parametrize("kind", ["threads", "posts", "rooms", "messages", "files"])
def test_item_in_a_list_equals_the_thing(app: Any, cast: Any, kind: str) -> None:
    def api(who: str, method: str, path: str, **json: Any) -> Any:
        answer = cast.client(None).open(f"/api/v1{path}", method=method, headers=cast.api(who), json=json or None)
        assert answer.status_code < 300, answer.text
        return answer.json

    with app.app_context(), transaction():
        ensure_room(db.session.get_one(Community, cast.one))
    thread = api("anna", "POST", "/communities/een/threads", title="Vraag", body="Wie?")["id"]
    post = api("bram", "POST", f"/threads/{thread}/posts", body="Wij")["id"]
    for version in (1, 2):  # versions differ from 1
        api("bram", "PATCH", f"/posts/{post}", body="Wij ook", base_version=version)
        api("eva", "PUT", f"/threads/{thread}/pin")
        api("eva", "DELETE", f"/threads/{thread}/pin")
    room = api("anna", "GET", "/communities/een/rooms")["items"][0]["id"]
    message = api("anna", "POST", f"/rooms/{room}/messages", body="Dag")["id"]
    api("anna", "PATCH", f"/messages/{message}", body="Dag allemaal", base_version=1)
    api("bram", "PUT", f"/messages/{message}/reactions/thanks")
    sent = {"file": (io.BytesIO(b"tekst"), "nota.txt")}
    upload = cast.client(None).post("/api/v1/communities/een/files", headers=cast.api("anna"), data=sent)
    assert upload.status_code == 201, upload.text
    api("anna", "PATCH", f"/files/{upload.json['id']}", description="Een nota", base_version=1)
    lists = {
        "threads": "/communities/een/threads",
        "posts": f"/threads/{thread}/posts",
        "rooms": "/communities/een/rooms",
        "messages": f"/rooms/{room}/messages",
        "files": "/communities/een/files",
    }
    items = api("anna", "GET", lists[kind])["items"]
    assert items
    for item in items:
        alone = api("anna", "GET", f"/{kind}/{item['id']}")
        assert {name: alone[name] for name in item} == item


@pytest.mark.parametrize("kind", ["threads", "posts", "rooms", "messages", "files"])
def test_id_of_another_kind_does_not_exist(app: Any, cast: Any, kind: str) -> None:
    sent = {"title": "Vraag", "body": "Wie?"}
    thread = cast.client(None).post("/api/v1/communities/een/threads", headers=cast.api("anna"), json=sent).json["id"]
    with app.app_context(), transaction():
        room = ensure_room(db.session.get_one(Community, cast.one)).id
    others = {"threads": room, "rooms": thread}.get(kind)
    for id in (thread, room) if others is None else (others,):
        assert cast.client(None).get(f"/api/v1/{kind}/{id}", headers=cast.api("anna")).status_code == 404
