"""rooms.harvest: messages become the draft of a thread, and link to it once it is posted."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from cop.base.db import db
from cop.base.text import to_html, to_plain
from cop.society.people import Person
from cop.things import draft_of


@pytest.fixture
def draft(app: Flask, cast: Any) -> Any:
    """Return a function that reads a person's draft of a new thread: `draft('bram')`."""

    def drafted(who: str) -> dict[str, Any]:
        with app.app_context():
            return draft_of(db.session.get_one(Person, getattr(cast, who)), f"new:{cast.one}")

    return drafted


def test_works(cast: Any, room: int, send_message: Any, draft: Any) -> None:
    one = send_message("anna", "Wat doen jullie na **twee** waarschuwingen?\nWat is stap drie?")
    send_message("eva", "Tussendoor")
    two = send_message("dina", "Eerst *samen* om tafel.")
    page = cast.client("bram").get(f"/rooms/{room}?choose=1").text
    assert 'class="room is-choosing"' in page
    answer = cast.client("bram").post(f"/rooms/{room}/harvest", data={"messages": [two["id"], one["id"]]})
    assert (answer.status_code, answer.location) == (303, "/communities/een/threads/new")
    made = draft("bram")
    assert (made["kind"], made["format"], made["sources"]) == ("question", "markdown", [str(one["id"]), str(two["id"])])
    assert made["title"] == "Wat doen jullie na twee waarschuwingen? Wat is stap drie?"
    body = made["body"]
    assert body.startswith("Uit het live gesprek van ")
    assert "> **Anna Adem** (Woonstichting Proef), [" in body
    assert f"](/messages/{one['id']}):\n>\n> Wat doen jullie na **twee** waarschuwingen?  \n> Wat is stap drie?" in body
    assert "?\n\n> **Dina Deskundig**" in body
    assert body.endswith("Met dank aan Anna Adem (Woonstichting Proef), Dina Deskundig (Kennisinstituut Proef).")
    assert "Tussendoor" not in body
    assert "waarschuwingen" in cast.client("bram").get(answer.location).text


def test_works_by_api(cast: Any, api: Any, room: int, send_message: Any, draft: Any) -> None:
    message = send_message("anna", "Een_woord *en* [meer](x)", format="plain")
    answer = api("bram", "POST", f"/rooms/{room}/harvest", messages=[message["id"]])
    assert answer.status_code == 200, answer.text
    assert (answer.json["place"], answer.json["url"]) == (f"new:{cast.one}", "/communities/een/threads/new")
    assert answer.json["body"] == draft("bram")["body"]
    assert "Een_woord *en* [meer](x)" in to_plain(to_html(answer.json["body"], "markdown"))


def test_existing_draft_is_kept(cast: Any, api: Any, room: int, send_message: Any, draft: Any) -> None:
    one, two = send_message("anna", "Een"), send_message("anna", "Twee")
    bram = cast.client("bram")
    writing = {"title": "Mijn titel", "body": "<p>Half</p>", "format": "html", "kind": ""}
    api("bram", "PUT", f"/drafts/new:{cast.one}", fields=writing)
    bram.post(f"/rooms/{room}/harvest", data={"messages": [one["id"]]})
    first = draft("bram")
    assert first["title"] == "Mijn titel"
    assert first["body"].startswith("<p>Half</p>\n\n<p>Uit het live gesprek")
    bram.post(f"/rooms/{room}/harvest", data={"messages": [one["id"]]})
    assert draft("bram") == first
    bram.post(f"/rooms/{room}/harvest", data={"messages": [one["id"], two["id"]]})
    both = draft("bram")
    assert both["sources"] == [str(one["id"]), str(two["id"])]
    assert both["body"].startswith(first["body"])
    assert "Twee" in both["body"]
    assert both["body"].count("<p>Een</p>") == 1


def test_only_readable_messages_of_the_room_are_harvested(cast: Any, room: int, send_message: Any, draft: Any) -> None:
    kept, gone = send_message("anna", "Blijft"), send_message("anna", "Weg")
    cast.client("anna").post(f"{gone['url']}/delete")
    cast.client("bram").post(f"/rooms/{room}/harvest", data={"messages": [gone["id"], kept["id"], 999]})
    assert draft("bram")["sources"] == [str(kept["id"])]


@pytest.mark.parametrize("who", ["chris", "hans"])
def test_stranger_gets_404(api: Any, room: int, send_message: Any, who: str) -> None:
    message = send_message("anna", "Een")
    assert api(who, "POST", f"/rooms/{room}/harvest", messages=[message["id"]]).status_code == 404


@pytest.mark.parametrize("who", ["gerda"])
def test_wrong_role_gets_403(api: Any, room: int, send_message: Any, who: str) -> None:
    message = send_message("anna", "Een")
    assert api(who, "POST", f"/rooms/{room}/harvest", messages=[message["id"]]).status_code == 403


@pytest.mark.parametrize(
    "given", [{}, {"messages": []}, {"messages": [999]}, {"messages": ["x"]}, {"messages": list(range(1, 52))}]
)
def test_bad_input_names_the_field(cast: Any, api: Any, room: int, given: dict[str, Any]) -> None:
    answer = api("bram", "POST", f"/rooms/{room}/harvest", **given)
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == ["messages"]
    assert cast.client("bram").post(f"/rooms/{room}/harvest", data={}).status_code == 422


def test_is_journalled(cast: Any, room: int, send_message: Any, journal_entries: Any) -> None:
    message = send_message("anna", "Een")
    cast.client("bram").post(f"/rooms/{room}/harvest", data={"messages": [message["id"]]})
    entry = journal_entries("rooms.harvest")[-1]
    assert (entry.person_id, entry.object_id, entry.details) == (cast.bram, room, {"messages": [message["id"]]})


def test_messages_link_to_their_thread(cast: Any, api: Any, room: int, send_message: Any, list_messages: Any) -> None:
    message, other = send_message("anna", "Een"), send_message("anna", "Twee")
    given = {"title": "Wat is stap drie?", "body": "…", "sources": [message["id"]]}
    thread = api("bram", "POST", "/communities/een/threads", **given).json
    assert [m["id"] for m in list_messages("dina", changed_after=other["seq"])] == [message["id"]]
    named = f'Verder besproken in: <a href="/threads/{thread["id"]}"><bdi>Wat is stap drie?</bdi></a>'
    assert named in cast.client("dina").get(f"/rooms/{room}").text
    api("bram", "PATCH", f"/threads/{thread['id']}", title="Wat is stap vier?", base_version=1)
    assert "Wat is stap vier?" in cast.client("dina").get(f"/rooms/{room}").text
    api("eva", "PUT", f"/threads/{thread['id']}/hiding", reason="x")
    assert "Wat is stap vier?" not in cast.client("dina").get(f"/rooms/{room}").text
    assert len(list_messages("dina", changed_after=other["seq"] + 2)) == 1


def test_messages_do_not_link_to_a_moved_thread(cast: Any, api: Any, room: int, send_message: Any) -> None:
    message = send_message("anna", "Een")
    given = {"title": "Verhuisd", "body": "…", "sources": [message["id"]]}
    thread = api("bram", "POST", "/communities/een/threads", **given).json
    assert api("fons", "POST", f"/threads/{thread['id']}/move", community="twee").status_code == 200
    assert "Verhuisd" not in cast.client("dina").get(f"/rooms/{room}").text
