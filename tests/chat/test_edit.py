"""messages.edit: an author changes the text."""

from __future__ import annotations

from typing import Any

import pytest


def test_works(cast: Any, room: int, send_message: Any) -> None:
    message = send_message("anna", "Vrijdag om tien uur")
    acts = cast.client("anna").get(f"{message['url']}/acts").text
    assert ">\nVrijdag om tien uur</textarea>" in acts
    answer = cast.client("anna").post(message["url"], data={"body": "Vrijdag om elf uur", "base_version": "1"})
    assert answer.status_code == 303, answer.text
    page = cast.client("bram").get(f"/rooms/{room}").text
    assert "elf uur" in page
    assert "tien uur" not in page
    assert "Bewerkt" in page


def test_works_by_api_and_raises_the_sequence(api: Any, send_message: Any, list_messages: Any) -> None:
    message = send_message("anna", "Een")
    edited = api("anna", "PATCH", message["url"], body="Twee", base_version=1).json
    assert edited == message | {"html": "<p>Twee</p>", "version": 2, "changed": 2}
    assert list_messages("bram", changed_after=1) == [edited]


@pytest.mark.parametrize("who", ["chris", "hans"])
def test_stranger_gets_404(api: Any, send_message: Any, who: str) -> None:
    assert api(who, "PATCH", send_message("anna", "Een")["url"], body="Twee").status_code == 404


@pytest.mark.parametrize("who", ["bram", "eva", "gerda"])
def test_wrong_role_gets_403(api: Any, send_message: Any, who: str) -> None:
    assert api(who, "PATCH", send_message("anna", "Een")["url"], body="Twee").status_code == 403


def test_bad_input_names_the_field(api: Any, send_message: Any) -> None:
    answer = api("anna", "PATCH", send_message("anna", "Een")["url"], body=" ")
    assert answer.status_code == 422
    assert answer.json["errors"] == {"body": "Schrijf eerst een tekst."}


def test_edit_conflict_gets_409(cast: Any, api: Any, send_message: Any) -> None:
    message = send_message("anna", "Een")
    cast.client("anna").post(message["url"], data={"body": "Twee", "base_version": "1"})
    answer = cast.client("anna").post(message["url"], data={"body": "Drie", "base_version": "1"})
    assert answer.status_code == 409
    assert "<p>Twee</p>" in answer.text
    assert ">\nDrie</textarea>" in answer.text
    refused = api("anna", "PATCH", message["url"], body="Drie", base_version=1)
    assert (refused.status_code, refused.json["version"]) == (409, 2)


def test_quotes_follow_the_edit(cast: Any, room: int, send_message: Any, list_messages: Any) -> None:
    first = send_message("anna", "Een")
    reply = send_message("bram", "Ja", reply_to=first["id"])
    cast.client("anna").post(first["url"], data={"body": "Twee", "base_version": "1"})
    assert [m["id"] for m in list_messages("dina", changed_after=2)] == [first["id"], reply["id"]]
    assert "Anna Adem</a>: Twee</blockquote>" in cast.client("dina").get(f"/rooms/{room}").text


def test_is_journalled(cast: Any, room: int, send_message: Any, journal_entries: Any) -> None:
    message = send_message("anna", "Een")
    cast.client("anna").post(message["url"], data={"body": "Twee", "base_version": "1"})
    entry = journal_entries("messages.edit")[-1]
    assert (entry.person_id, entry.object_id, entry.details) == (
        cast.anna,
        message["id"],
        {"message": message["id"], "room": room, "version": 2, "mentions": []},
    )
