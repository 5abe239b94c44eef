"""The room of community 1 and its messages."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from cop.base.action import transaction
from cop.base.db import db
from cop.chat.models import ensure_room
from cop.society.programmes import Community


@pytest.fixture
def room(app: Flask, cast: SimpleNamespace) -> int:
    """Return the id of the room of community 1."""
    with app.app_context(), transaction():
        return ensure_room(db.session.get_one(Community, cast.one)).id


@pytest.fixture
def api(cast: SimpleNamespace) -> Any:
    """Return a function that calls the API as a person: `api('anna', 'PATCH', '/messages/3', body='Hallo')`."""

    def asking(who: str, method: str, path: str, **given: Any) -> Any:
        body = {"json": given} if method != "GET" else {"query_string": given}
        return cast.client(None).open(f"/api/v1{path}", method=method, headers=cast.api(who), **body)

    return asking


@pytest.fixture
def send_message(api: Any, room: int) -> Any:
    """Return a function that sends a message and returns it as JSON: `send_message('anna', 'Hallo', reply_to=3)`."""

    def saying(who: str, body: str, **given: Any) -> dict[str, Any]:
        answer = api(who, "POST", f"/rooms/{room}/messages", body=body, **given)
        assert answer.status_code == 201, answer.text
        return answer.json

    return saying


@pytest.fixture
def list_messages(api: Any, room: int) -> Any:
    """Return a function that lists the messages as JSON: `list_messages('bram', changed_after=3)`."""

    def listing(who: str, **query: Any) -> list[dict[str, Any]]:
        answer = api(who, "GET", f"/rooms/{room}/messages", **query)
        assert answer.status_code == 200, answer.text
        return answer.json["items"]

    return listing
