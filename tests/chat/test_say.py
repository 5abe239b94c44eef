"""messages.say: a member sends a message in a room."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from flask import Flask

from cop.base.action import transaction
from cop.base.db import db
from cop.chat.models import ensure_room
from cop.society.programmes import Community

STREAM = {"Accept": "text/vnd.turbo-stream.html"}


def test_works(cast: Any, room: int) -> None:
    given = {"body": "Wie komt **vrijdag**?\nAllen?", "reply_to": ""}
    answer = cast.client("anna").post(f"/rooms/{room}/messages", data=given)
    assert answer.status_code == 303, answer.text
    path, _hash, place = answer.location.partition("#")
    page = cast.client("bram").get(path)
    assert f'id="{place}"' in page.text
    assert "<strong>vrijdag</strong>?<br>\nAllen?" in page.text


def test_works_by_api(cast: Any, room: int, send_message: Any, list_messages: Any) -> None:
    message = send_message("anna", "Hallo", format="plain")
    assert message | {"id": 0, "url": "", "created_at": ""} == {
        "id": 0,
        "kind": "message",
        "url": "",
        "room": room,
        "created_at": "",
        "html": "<p>Hallo</p>",
        "version": 1,
        "state": "live",
        "seq": 1,
        "changed": 1,
        "reply_to": None,
        "reactions": {},
        "author": {"id": cast.anna, "name": "Anna Adem", "organisation": "Woonstichting Proef", "role": "member"},
    }
    assert message["url"] == f"/messages/{message['id']}"
    assert list_messages("bram") == [message]


def test_enhanced_form_gets_the_page_fragment(cast: Any, room: int) -> None:
    given = {"body": "Hallo", "client_id": str(uuid.uuid4())}
    answer = cast.client("anna").post(f"/rooms/{room}/messages", json=given, headers=STREAM)
    assert answer.status_code == 201, answer.text
    assert '<turbo-stream action="place" target="messages">' in answer.text
    assert f'data-client="{given["client_id"]}"' in answer.text


@pytest.mark.parametrize("who", ["chris", "hans", "jan", "iris"])
def test_stranger_gets_404(cast: Any, room: int, who: str) -> None:
    assert cast.client(who).post(f"/rooms/{room}/messages", data={"body": "x"}).status_code == 404


def test_wrong_role_gets_403(cast: Any, room: int) -> None:
    assert cast.client("gerda").post(f"/rooms/{room}/messages", data={"body": "x"}).status_code == 403
    assert "U leest hier mee" in cast.client("gerda").get(f"/rooms/{room}").text


def test_signed_out_must_sign_in(cast: Any, room: int) -> None:
    assert cast.client(None).post(f"/rooms/{room}/messages", data={"body": "x"}).location.startswith("/sign-in")
    assert cast.client(None).post(f"/api/v1/rooms/{room}/messages", json={"body": "x"}).status_code == 401


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "body"),
        ({"body": " "}, "body"),
        ({"body": "x" * 10_001}, "body"),
        ({"body": "a\0b"}, "body"),
        ({"body": 3}, "body"),
        ({"body": "", "files": []}, "body"),
        ({"body": "x", "format": "rtf"}, "format"),
        ({"body": "x", "client_id": "7"}, "client_id"),
        ({"body": "x", "reply_to": 999}, "reply_to"),
        ({"body": "x", "files": [999]}, "files"),
        ({"body": "", "files": [999]}, "files"),
    ],
)
def test_bad_input_names_the_field(api: Any, room: int, given: dict[str, Any], field: str) -> None:
    answer = api("anna", "POST", f"/rooms/{room}/messages", **given)
    assert answer.status_code == 422, answer.text
    assert list(answer.json["errors"]) == [field]


def test_refused_text_is_kept_in_the_form(cast: Any, room: int) -> None:
    answer = cast.client("anna").post(f"/rooms/{room}/messages", data={"body": "Mijn tekst", "reply_to": "999"})
    assert answer.status_code == 422
    assert ">Mijn tekst</textarea>" in answer.text


def test_is_journalled(cast: Any, room: int, send_message: Any, journal_entries: Any) -> None:
    message = send_message("anna", "Hallo @Bram Baan")
    entry = journal_entries("messages.say")[-1]
    assert (entry.person_id, entry.details) == (
        cast.anna,
        {"message": message["id"], "room": room, "mentions": [cast.bram]},
    )


def test_only_readers_of_the_room_can_be_mentioned(cast: Any, send_message: Any) -> None:
    html = send_message("anna", "@Bram Baan en @Chris Ceder")["html"]
    assert f'<a class="mention" href="/people/{cast.bram}">@Bram Baan</a>' in html
    assert f"/people/{cast.chris}" not in html


def test_reply_quotes_its_message(cast: Any, room: int, send_message: Any) -> None:
    first = send_message("anna", "Wie heeft een **transferpunt**?")
    assert send_message("bram", "Wij", reply_to=first["id"])["reply_to"] == first["id"]
    quoted = f'<blockquote><a href="{first["url"]}">Anna Adem</a>: Wie heeft een transferpunt?</blockquote>'
    assert quoted in cast.client("dina").get(f"/rooms/{room}").text


def test_reply_must_be_to_a_message_of_the_room(cast: Any, app: Flask, api: Any, room: int) -> None:
    with app.app_context(), transaction():
        other = ensure_room(db.session.get_one(Community, cast.two)).id
    elsewhere = api("chris", "POST", f"/rooms/{other}/messages", body="geheim").json["id"]
    assert api("anna", "POST", f"/rooms/{room}/messages", body="x", reply_to=elsewhere).status_code == 422


def test_same_client_id_gives_the_same_message(api: Any, room: int, send_message: Any, list_messages: Any) -> None:
    key = str(uuid.uuid4())
    first = send_message("anna", "Hallo", client_id=key)
    assert send_message("anna", "Hallo", client_id=key) == first
    assert len(list_messages("bram")) == 1
    stolen = api("bram", "POST", f"/rooms/{room}/messages", body="Hallo", client_id=key)
    assert (stolen.status_code, stolen.json["code"], list(stolen.json["errors"])) == (409, "key_in_use", ["client_id"])


def test_saying_marks_as_read_and_clears_the_draft(cast: Any, api: Any, room: int, send_message: Any) -> None:
    key = str(uuid.uuid4())
    api("anna", "PUT", f"/drafts/{key}", place=f"room:{room}", fields={"body": "Half"})
    assert ">Half</textarea>" in cast.client("anna").get(f"/rooms/{room}").text
    message = send_message("anna", "Heel", client_id=key)
    page = cast.client("anna").get(f"/rooms/{room}").text
    assert f'data-mark="{message["seq"]}"' in page
    assert "Half" not in page


def test_draft_of_another_tab_outlives_the_message(api: Any, room: int, send_message: Any) -> None:
    """Two tabs show one draft: the second saves a longer text, the first sends what it has."""
    key, place = str(uuid.uuid4()), f"room:{room}"
    api("anna", "PUT", f"/drafts/{key}", place=place, fields={"body": "Half"}, revision=1, writer="one")
    api("anna", "PUT", f"/drafts/{key}", place=place, fields={"body": "Half twee"}, revision=2, base=1, writer="two")
    send_message("anna", "Half een", client_id=key, draft_base=1, draft_revision=2, draft_writer="one")
    kept = api("anna", "GET", "/drafts", place=place).json["items"]
    assert [draft["fields"]["body"] for draft in kept] == ["Half twee"]
    again = kept[0]
    send_message("anna", "Half twee", client_id=again["id"], draft_base=2, draft_revision=2, draft_writer="two")
    assert api("anna", "GET", "/drafts", place=place).json["items"] == []


def test_draft_keeps_the_message_it_replies_to(cast: Any, api: Any, room: int, send_message: Any) -> None:
    first = send_message("bram", "Wie rijdt er?")
    wanted = f'name="reply_to" value="{first["id"]}"'
    again = cast.client("anna").post(f"/rooms/{room}/messages", data={"body": " ", "reply_to": str(first["id"])})
    assert (again.status_code, wanted in again.text) == (422, True)
    draft = {"place": f"room:{room}", "fields": {"body": "Ik", "reply_to": str(first["id"])}}
    api("anna", "PUT", f"/drafts/{uuid.uuid4()}", **draft)
    page = cast.client("anna").get(f"/rooms/{room}").text
    assert wanted in page
    assert "<p>Bram Baan: Wie rijdt er?</p>" in page
    api("bram", "DELETE", first["url"])
    assert wanted not in cast.client("anna").get(f"/rooms/{room}").text


def test_address_of_a_new_message_opens_the_newest_page(cast: Any, room: int, send_message: Any) -> None:
    message = send_message("anna", "@Bram Baan, kijk je mee?")
    assert cast.client("bram").get(message["url"]).location == f"/rooms/{room}#message-{message['id']}"


def test_address_of_an_old_message_opens_its_page(cast: Any, send_message: Any) -> None:
    ids = [send_message("anna", f"Bericht {n}", format="plain")["id"] for n in range(80)]
    way = cast.client("bram").get(f"/messages/{ids[4]}").location
    page = cast.client("bram").get(way.partition("#")[0]).text
    assert [f'id="message-{ids[n]}"' in page for n in (4, 28, 79)] == [True, True, False]
    assert 'data-complete="no"' in page
