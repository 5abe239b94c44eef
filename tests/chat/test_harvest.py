"""rooms.harvest: messages become the draft of a thread, and link to it once it is posted."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from cop.base.db import db
from cop.base.text import to_markdown, to_plain
from cop.society.people import Person
from cop.things import drafts_of


@pytest.fixture
def drafts(app: Flask, cast: Any) -> Any:
    """Return a function that reads a person's drafts of a new thread, newest first: `drafts('bram')`."""

    def drafted(who: str) -> list[dict[str, Any]]:
        with app.app_context():
            person = db.session.get_one(Person, getattr(cast, who))
            return [draft.fields for draft in drafts_of(person, f"new:{cast.one}")]

    return drafted


def test_works(cast: Any, room: int, send_message: Any, drafts: Any) -> None:
    one = send_message("anna", "Wat doen jullie na **twee** waarschuwingen?\nWat is stap drie?")
    send_message("eva", "Tussendoor")
    two = send_message("dina", "Eerst *samen* om tafel.")
    page = cast.client("bram").get(f"/rooms/{room}?choose=1").text
    assert 'class="room is-choosing"' in page
    answer = cast.client("bram").post(f"/rooms/{room}/harvest", data={"messages": [two["id"], one["id"]]})
    (made,) = drafts("bram")
    to = f"/communities/een/threads/new?draft={made['client_id']}"
    assert (answer.status_code, answer.location) == (303, to)
    assert (made["kind"], made["format"], made["sources"]) == ("question", "html", [str(one["id"]), str(two["id"])])
    assert made["title"] == "Wat doen jullie na twee waarschuwingen? Wat is stap drie?"
    body = made["body"]
    assert body.startswith("<p>Uit de chat van ")
    assert body.count("<blockquote>") == 2
    assert "<strong>Anna Adem</strong> (Woonstichting Proef)" in body
    assert f'href="/messages/{one["id"]}"' in body
    assert "Wat doen jullie na <strong>twee</strong> waarschuwingen?" in body
    assert "Met dank aan Anna Adem (Woonstichting Proef), Dina Deskundig (Kennisinstituut Proef)." in body
    assert "Tussendoor" not in body
    shown = cast.client("bram").get(answer.location).text
    assert 'data-html="&lt;p&gt;Uit de chat van ' in shown  # the editor gets a document
    assert "&gt; **Anna Adem**" in shown  # the plain form gets Markdown


def test_works_by_api(cast: Any, api: Any, room: int, send_message: Any, drafts: Any) -> None:
    message = send_message("anna", "Een_woord *en* [meer](x)", format="plain")
    answer = api("bram", "POST", f"/rooms/{room}/harvest", messages=[message["id"]])
    assert answer.status_code == 200, answer.text
    (made,) = drafts("bram")
    assert (answer.json["place"], answer.json["client_id"]) == (f"new:{cast.one}", made["client_id"])
    assert answer.json["url"] == f"/communities/een/threads/new?draft={made['client_id']}"
    assert (answer.json["body"], answer.json["format"]) == (made["body"], "html")
    assert "Een_woord *en* [meer](x)" in to_plain(answer.json["body"])
    assert "Een_woord" in to_markdown(answer.json["body"])


def test_other_drafts_and_their_titles_are_left_alone(
    cast: Any, api: Any, room: int, send_message: Any, drafts: Any
) -> None:
    one, two = send_message("anna", "Een"), send_message("anna", "Twee")
    fields = {"title": "Mijn titel", "body": "<p>Half</p>", "format": "html", "kind": ""}
    mine = {"place": f"new:{cast.one}", "fields": fields}
    assert api("bram", "PUT", "/drafts/0b8e4d3c-51b7-4f0e-9a55-0a8a5a4b2f11", **mine).status_code == 204
    bram = cast.client("bram")
    for chosen in ([one["id"]], [one["id"]], [two["id"]]):  # the first form is sent twice
        bram.post(f"/rooms/{room}/harvest", data={"messages": chosen})
    assert sorted(draft["title"] for draft in drafts("bram")) == ["Een", "Mijn titel", "Twee"]
    assert next(draft for draft in drafts("bram") if draft["title"] == "Mijn titel")["body"] == "<p>Half</p>"


def test_only_readable_messages_of_the_room_are_harvested(cast: Any, room: int, send_message: Any, drafts: Any) -> None:
    kept, gone = send_message("anna", "Blijft"), send_message("anna", "Weg")
    cast.client("anna").post(f"{gone['url']}/delete")
    cast.client("bram").post(f"/rooms/{room}/harvest", data={"messages": [gone["id"], kept["id"], 999]})
    assert drafts("bram")[0]["sources"] == [str(kept["id"])]


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
