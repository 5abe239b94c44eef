"""messages.edit: an author writes another text."""

from __future__ import annotations

from typing import Any

import pytest


def test_works_as_a_plain_form(cast: Any, room: int, say: Any) -> None:
    said = say("anna", "Vrijdag om tien uur")
    acts = cast.client("anna").get(f"{said['url']}/acts").text
    assert ">\nVrijdag om tien uur</textarea>" in acts
    answer = cast.client("anna").post(said["url"], data={"body": "Vrijdag om elf uur", "base_version": "1"})
    assert answer.status_code == 303, answer.text
    page = cast.client("bram").get(f"/rooms/{room}").text
    assert "elf uur" in page
    assert "tien uur" not in page
    assert "Bewerkt" in page


def test_by_api_takes_a_seq(api: Any, say: Any, listed: Any) -> None:
    said = say("anna", "Een")
    edited = api("anna", "PATCH", said["url"], body="Twee").json
    assert edited == said | {"html": "<p>Twee</p>", "version": 2, "changed": 2}
    assert listed("bram", changed_after=1) == [edited]


@pytest.mark.parametrize(
    ("who", "status"), [("bram", 403), ("eva", 403), ("gerda", 403), ("chris", 404), ("hans", 404)]
)
def test_others_may_not(api: Any, say: Any, who: str, status: int) -> None:
    assert api(who, "PATCH", say("anna", "Een")["url"], body="Twee").status_code == status


def test_bad_input(api: Any, say: Any) -> None:
    answer = api("anna", "PATCH", say("anna", "Een")["url"], body=" ")
    assert answer.status_code == 422
    assert answer.json["errors"] == {"body": "Schrijf eerst een tekst."}


def test_somebody_saved_in_between(cast: Any, api: Any, say: Any) -> None:
    said = say("anna", "Een")
    cast.client("anna").post(said["url"], data={"body": "Twee"})
    answer = cast.client("anna").post(said["url"], data={"body": "Drie", "base_version": "1"})
    assert answer.status_code == 409
    assert "<p>Twee</p>" in answer.text
    assert ">\nDrie</textarea>" in answer.text
    refused = api("anna", "PATCH", said["url"], body="Drie", base_version=1)
    assert (refused.status_code, refused.json["version"]) == (409, 2)


def test_what_quotes_it_changes_along(cast: Any, room: int, say: Any, listed: Any) -> None:
    first = say("anna", "Een")
    reply = say("bram", "Ja", reply_to=first["id"])
    cast.client("anna").post(first["url"], data={"body": "Twee"})
    assert [m["id"] for m in listed("dina", changed_after=2)] == [first["id"], reply["id"]]
    assert "Anna Adem</a>: Twee</blockquote>" in cast.client("dina").get(f"/rooms/{room}").text


def test_told_to_the_journal(cast: Any, room: int, say: Any, told: Any) -> None:
    said = say("anna", "Een")
    cast.client("anna").post(said["url"], data={"body": "Twee"})
    entry = told("messages.edit")[-1]
    assert (entry.person_id, entry.object_id, entry.details) == (
        cast.anna,
        said["id"],
        {"message": said["id"], "room": room, "version": 2, "mentions": []},
    )
