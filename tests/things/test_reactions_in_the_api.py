"""Posts and messages in the API show their reactions, and what they reply to."""

from __future__ import annotations

from typing import Any

import pytest

from cop.base.action import transaction
from cop.base.db import db
from cop.chat.models import ensure_room
from cop.society.programmes import Community


@pytest.mark.parametrize("kind", ["posts", "messages"])
def test_reactions_and_reply_to(app: Any, cast: Any, kind: str) -> None:
    def api(who: str, method: str, path: str, **json: Any) -> Any:
        answer = app.test_client().open(f"/api/v1{path}", method=method, headers=cast.api(who), json=json or None)
        assert answer.status_code < 300, answer.text
        return answer.json

    with app.app_context(), transaction():
        place = f"/rooms/{ensure_room(db.session.get_one(Community, cast.one)).id}"
    if kind == "posts":
        place = api("anna", "POST", "/communities/een/threads", title="Vraag", body="Wie?")["url"]
    first = api("anna", "POST", f"{place}/{kind}", body="Wij")
    assert (first["reply_to"], first["reactions"]) == (None, {})
    api("bram", "PUT", f"{first['url']}/reactions/thanks")
    api("eva", "PUT", f"{first['url']}/reactions/thanks")
    changed = api("bram", "PUT", f"{first['url']}/reactions/idea")
    reactions = {"idea": [cast.bram], "thanks": [cast.bram, cast.eva]}
    assert changed["reactions"] == reactions
    second = api("bram", "POST", f"{place}/{kind}", body="Wij ook", reply_to=first["id"])
    assert second["reply_to"] == first["id"]
    shown = {one["id"]: one for one in api("anna", "GET", f"{place}/{kind}")["items"]}
    assert (shown[first["id"]]["reactions"], shown[second["id"]]["reply_to"]) == (reactions, first["id"])
    assert api("anna", "GET", first["url"])["reactions"] == reactions
    api("anna", "DELETE", first["url"])
    assert api("bram", "GET", first["url"])["reactions"] == {}


@pytest.mark.parametrize("model", ["PostOut", "MessageOut"])
def test_document_of_the_api_says_so(app: Any, model: str) -> None:
    schemas = app.test_client().get("/api/v1/openapi.json").json["components"]["schemas"]
    assert {"reactions", "reply_to"} <= schemas[model]["properties"].keys()
