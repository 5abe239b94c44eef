"""rooms.list, rooms.show, rooms.messages and rooms.people."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from cop.base import clock
from cop.base.action import transaction
from cop.base.db import db
from cop.base.text import render
from cop.base.web.pages import bodies
from cop.chat import actions
from cop.chat.models import Room, ensure_room, enter
from cop.society.people import Person
from cop.society.programmes import Community

STREAM = {"Accept": "text/vnd.turbo-stream.html"}


def test_new_community_gets_a_room(api: Any, cast: Any) -> None:
    answer = api("fons", "POST", "/programmes/proef/communities", name="Derde kring", slug="drie")
    assert answer.status_code == 201, answer.text
    rooms = api("fons", "GET", "/communities/drie/rooms").json["items"]
    assert [(r["kind"], r["title"]) for r in rooms] == [("room", "Chat")]


def test_list_redirects_to_the_only_room(cast: Any, app: Flask, room: int) -> None:
    assert cast.client("bram").get("/communities/een/rooms").location == f"/rooms/{room}"
    assert "Hier is nog geen chat" in cast.client("chris").get("/communities/twee/rooms").text
    with app.app_context(), transaction():
        db.session.add(Room(audience_id=cast.audiences.one, title="Slotsymposium", purpose=""))
    assert "Slotsymposium" in cast.client("bram").get("/communities/een/rooms").text


def test_works_by_api(api: Any, room: int, send_message: Any) -> None:
    send_message("anna", "Een")
    shown = api("gerda", "GET", f"/rooms/{room}").json
    assert (shown["id"], shown["kind"], shown["url"], shown["seq"]) == (room, "room", f"/rooms/{room}", 1)
    assert api("gerda", "GET", "/communities/een/rooms").json == {"items": [shown], "next": None, "prev": None}


@pytest.mark.parametrize("who", ["chris", "hans", "jan", "iris"])
def test_stranger_gets_404(cast: Any, api: Any, room: int, send_message: Any, who: str) -> None:
    message = send_message("anna", "Een")
    for way in (
        "/communities/een/rooms",
        f"/rooms/{room}",
        f"/rooms/{room}/messages",
        f"/rooms/{room}/people",
        message["url"],
        f"{message['url']}/acts",
    ):
        for answer in (cast.client(who).get(way), api(who, "GET", way)):
            assert answer.status_code == 404, way


def test_hidden_room_hides_its_messages(cast: Any, app: Flask, room: int, send_message: Any) -> None:
    message = send_message("anna", "Een")
    with app.app_context(), transaction():
        db.session.get_one(Room, room).state = "hidden"
    for way in (f"/rooms/{room}", message["url"], f"{message['url']}/acts"):
        assert cast.client("bram").get(way).status_code == 404, way
    assert cast.client("eva").get(f"/rooms/{room}").status_code == 200


def test_messages_are_paged_by_position_and_by_change(api: Any, room: int, send_message: Any) -> None:
    seqs = [send_message("anna", f"Bericht {n}", format="plain")["seq"] for n in range(7)]

    def asked(**query: Any) -> tuple[list[int], str | None, str | None]:
        answer = api("bram", "GET", f"/rooms/{room}/messages", **query).json
        return [m["seq"] for m in answer["items"]], answer["next"], answer["prev"]

    address = f"/api/v1/rooms/{room}/messages"
    assert asked(limit=3) == (seqs[4:], None, f"{address}?limit=3&before=5")
    assert asked(limit=3, before=5) == (seqs[1:4], f"{address}?limit=3&after=4", f"{address}?limit=3&before=2")
    assert asked(limit=3, before=2) == (seqs[:1], f"{address}?limit=3&after=1", None)
    assert asked(limit=3, after=0) == (seqs[:3], f"{address}?limit=3&after=3", None)
    assert asked(limit=3, after=5) == (seqs[5:], None, f"{address}?limit=3&before=6")
    assert asked(limit=3, changed_after=2) == (seqs[2:5], f"{address}?limit=3&changed_after=5", None)


@pytest.mark.parametrize(
    ("name", "value"), [("limit", 0), ("limit", 101), ("before", -1), ("after", "x"), ("changed_after", 99999999999)]
)
def test_bad_input_names_the_field(api: Any, room: int, name: str, value: Any) -> None:
    answer = api("bram", "GET", f"/rooms/{room}/messages", **{name: value})
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [name]


def test_gap_fill_returns_the_page_fragment(cast: Any, room: int, send_message: Any) -> None:
    message = send_message("anna", "Een")
    answer = cast.client("bram").get(f"/rooms/{room}/messages?changed_after=0", headers=STREAM)
    assert answer.content_type.startswith("text/vnd.turbo-stream.html")
    article = answer.text[answer.text.index("<article") : answer.text.index("</article>")]
    assert f'id="message-{message["id"]}"' in article
    assert article in cast.client("dina").get(f"/rooms/{room}").text


def test_fragments_are_the_same_for_all_readers_of_a_language(cast: Any, room: int, send_message: Any) -> None:
    message = send_message("anna", "Een")
    cast.client("anna").post(f"{message['url']}/reactions/thanks")
    way = f"/rooms/{room}/messages"
    assert len({cast.client(who).get(way, headers=STREAM).text for who in ("anna", "bram", "eva", "gerda")}) == 1
    english = cast.client("bram").get(way, headers={**STREAM, "Accept-Language": "en"}).text
    assert "Thanks <b>1</b>" in english


def test_select_and_reply_without_script(cast: Any, room: int, send_message: Any) -> None:
    message = send_message("anna", "Wie rijdt er mee?")
    page = cast.client("bram").get(f"/rooms/{room}?reply_to={message['id']}").text
    assert f'name="reply_to" value="{message["id"]}"' in page
    assert "<p>Anna Adem: Wie rijdt er mee?</p>" in page
    assert "is-choosing" not in cast.client("gerda").get(f"/rooms/{room}?choose=1").text


@pytest.mark.parametrize("messages", [60, 300])
def test_page_has_a_fixed_number_of_statements(
    cast: Any, room: int, run_as: Any, count_statements: Any, messages: int
) -> None:
    text = render("Wij schalen op na twee meldingen.", "plain")
    for n in range(messages):
        run_as(("anna", "bram", "dina")[n % 3], actions.say, Room, room, text=text)
    bodies.clear()
    bram = cast.client("bram")
    with count_statements() as first:
        assert bram.get(f"/rooms/{room}").text.count("<article") == 51  # and the template for unsent messages
    with count_statements() as again:
        bram.get(f"/rooms/{room}")
    assert len(first) <= 12, first
    assert len(again) <= 9, again


def test_people_in_the_room_are_listed(cast: Any, api: Any, app: Flask, room: int) -> None:
    with app.app_context(), transaction():
        for who, process, seconds in (("anna", "a", 60), ("anna", "b", 60), ("bram", "a", -1), ("dina", "b", 5)):
            enter(room, getattr(cast, who), process, clock.now() + timedelta(seconds=seconds))
    people = api("gerda", "GET", f"/rooms/{room}/people").json["items"]
    assert people == [{"id": cast.anna, "name": "Anna Adem"}, {"id": cast.dina, "name": "Dina Deskundig"}]
    page = cast.client("gerda").get(f"/rooms/{room}").text
    assert page.count("<span data-present>2</span>") == 2
    clock.shift(timedelta(seconds=61))
    assert api("gerda", "GET", f"/rooms/{room}/people").json["items"] == []


def test_many_people_are_counted(cast: Any, app: Flask, room: int) -> None:
    with app.app_context(), transaction():
        for n in range(30):
            person = Person(mail=f"veel{n}@proef.example", name=f"Veel {n:02}")
            db.session.add(person)
            db.session.flush()
            enter(room, person.id, "a", clock.now() + timedelta(seconds=60))
    answer = cast.client("bram").get(f"/rooms/{room}/people", headers=STREAM).text
    assert answer.count("<li>") == 24
    assert "en nog 6 deelnemers" in answer


def test_page_in_both_languages(cast: Any, app: Flask, room: int) -> None:
    with app.app_context(), transaction():
        assert ensure_room(db.session.get_one(Community, cast.one), "Live over beheer", "Korte vragen").id == room
    english = cast.client("bram").get(f"/rooms/{room}", headers={"Accept-Language": "en"}).text
    assert "Choose messages" in english
    assert "Live over beheer" in english
