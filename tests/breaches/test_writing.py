"""Numbers that may not be written down are refused wherever somebody writes, and nothing of them is kept."""

from __future__ import annotations

import io
import logging
from typing import Any

import pytest
from sqlalchemy import inspect, text

from cop.base.action import transaction
from cop.base.db import db
from cop.chat.models import ensure_room
from cop.society.programmes import Community

BSN = "111222333"
WORDS = "Hier staat een burgerservicenummer (BSN). Haal het weg"


def rows_with(value: str) -> list[str]:
    """Return the tables and columns of the database that hold a value; hashes of the journal hold any digits by chance."""
    found = []
    inspected = inspect(db.engine)
    for table in inspected.get_table_names():
        for column in (one for one in inspected.get_columns(table) if one["name"] != "chain"):
            query = f'SELECT count(*) FROM "{table}" WHERE CAST("{column["name"]}" AS TEXT) LIKE :value'
            if db.session.scalar(text(query), {"value": f"%{value}%"}):
                found.append(f"{table}.{column['name']}")
    return found


@pytest.fixture
def places(app: Any, cast: Any, ask: Any) -> dict[str, str]:
    """Return the addresses of a thread, its opening, and the room of community 1."""
    with app.app_context(), transaction():
        room = ensure_room(db.session.get_one(Community, cast.one)).id
    started = ask("anna", "post", "/api/v1/communities/een/threads", title="Wie belt er?", body="Ik niet.")
    posts = ask("anna", "get", f"/api/v1/threads/{started.json['id']}/posts").json["items"]
    return {"thread": f"/threads/{started.json['id']}", "post": f"/posts/{posts[0]['id']}", "room": f"/rooms/{room}"}


CASES: list[tuple[str, str, str, dict[str, Any], str]] = [
    ("anna", "post", "{thread}/posts", {"body": f"Haar nummer is {BSN}"}, "body"),
    ("anna", "post", "{thread}/posts", {"body": "<p>111<b>222</b>333</p>", "format": "html"}, "body"),
    ("anna", "post", "{thread}/posts", {"body": "Rekening NL91 ABNA 0417 1643 00"}, "body"),
    ("anna", "post", "/communities/een/threads", {"body": "Hallo", "title": f"Over {BSN}"}, "title"),
    ("anna", "patch", "{thread}", {"title": f"Over {BSN}", "base_version": 1}, "title"),
    ("anna", "patch", "{post}", {"body": f"Toch {BSN}", "base_version": 1}, "body"),
    ("anna", "post", "{room}/messages", {"body": f"Haar nummer is {BSN}"}, "body"),
    (
        "anna",
        "put",
        "/drafts/1f72b719-4887-426c-a23f-b7750b1a1b55",
        {"place": "thread:1", "fields": {"body": f"x {BSN}"}},
        "fields",
    ),
    ("anna", "patch", "/settings", {"bio": f"Mijn nummer is {BSN}"}, "bio"),
    ("eva", "put", "{post}/hiding", {"reason": f"Er staat {BSN}"}, "reason"),
    ("eva", "post", "/communities/een/folders", {"name": f"Map {BSN}"}, "name"),
]


@pytest.mark.parametrize(("who", "method", "address", "sent", "field"), CASES)
def test_number_is_refused_and_kept_nowhere(
    app: Any, cast: Any, ask: Any, places: Any, caplog: Any, who: str, method: str, address: str, sent: Any, field: str
) -> None:
    address = address.format(**places)
    with caplog.at_level(logging.DEBUG):
        answer = ask(who, method, f"/api/v1{address}", **sent)
    assert answer.status_code == 422, answer.text
    assert answer.content_type.startswith("application/problem+json")
    assert answer.json["errors"][field].startswith(
        ("Hier staat een burgerservicenummer", "Hier staat een bankrekening")
    )
    assert BSN not in answer.text
    assert "NL91" not in answer.text
    with app.app_context():
        assert rows_with("222%333") == []
    assert BSN not in caplog.text


def test_name_of_a_file_is_refused(app: Any, cast: Any) -> None:
    sent = {"file": (io.BytesIO(b"Punt een."), f"Intake_{BSN}.txt")}
    answer = cast.client(None).post("/api/v1/communities/een/files", data=sent, headers=cast.api("anna"))
    assert (answer.status_code, "burgerservicenummer" in answer.json["errors"]["file"]) == (422, True)
    with app.app_context():
        assert rows_with(BSN) == []


def test_page_says_so_beside_the_field_and_keeps_what_was_typed(cast: Any, places: Any) -> None:
    answer = cast.client("anna").post(f"{places['thread']}/posts", data={"body": f"Haar nummer is {BSN}."})
    assert answer.status_code == 422
    assert WORDS in answer.text
    assert f"Haar nummer is {BSN}." in answer.text
    said = cast.client("anna").post(f"{places['room']}/messages", data={"body": f"Haar nummer is {BSN}."})
    assert (said.status_code, WORDS in said.text) == (422, True)


def test_number_of_a_case_is_no_reason_to_refuse(cast: Any, ask: Any, places: Any) -> None:
    sent = {"body": f"Zaaknummer {BSN}, € 111.222.333,00 en RSIN 123456782"}
    assert ask("anna", "post", f"/api/v1{places['thread']}/posts", **sent).status_code == 201
    assert cast.client("anna").get(f"/search?q={BSN}").status_code == 200
