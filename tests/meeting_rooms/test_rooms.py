"""rooms.open and rooms.close: the chat of a meeting opens with it and becomes its record."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from cop.base.action import transaction
from cop.base.db import db
from cop.base.journal import JournalEntry
from cop.chat.models import Room, ensure_room
from cop.meeting_rooms.models import room_of
from cop.meetings.models import Meeting
from cop.society.audience import Guest
from cop.society.programmes import Community
from tests.conftest import go_to
from tests.meeting_rooms.conftest import DAY, ENDS
from tests.meetings.conftest import HOUR, START


def test_works(meeting: Any, tick: Any, read: Any, post: Any, ask: Any) -> None:
    """It opens an hour before the start, is written in, closes a day after the end, and the team opens it again."""
    tick(START - 2 * HOUR)
    assert ask("anna", "get", f"{meeting.api}/room").status_code == 404
    assert "De chat opent een uur voor het begin." in read("eva", meeting.url)
    tick(START - HOUR)
    tick(START)
    room = ask("anna", "get", f"{meeting.api}/room").json
    assert (room["title"], room["closed"]) == ("Plaats maken", None)
    assert f'href="{room["url"]}"' in read("anna", meeting.url)
    assert post("anna", f"{room['url']}/messages", body="Ik sta op het station.").status_code == 303
    assert f'href="{meeting.url}"' in read("bram", room["url"])
    tick(ENDS + DAY - HOUR)
    assert 'name="body"' in read("bram", room["url"])
    tick(ENDS + DAY)
    shown = read("bram", room["url"])
    assert 'name="body"' not in shown
    assert "hoort bij het verslag van de bijeenkomst" in shown
    assert "Ik sta op het station." in shown
    assert post("eva", f"{meeting.url}/room").location == room["url"]
    tick(ENDS + 2 * DAY)
    assert 'name="body"' in read("bram", room["url"]), "the team keeps it open"
    assert post("eva", f"{meeting.url}/room/closure").location == meeting.url
    assert "(gesloten)" in read("bram", meeting.url)


def test_works_by_api(meeting: Any, ask: Any) -> None:
    go_to(START - 3 * DAY)
    assert ask("eva", "put", f"{meeting.api}/room/closure").status_code == 409, "there is none"
    room = ask("eva", "put", f"{meeting.api}/room").json
    assert ask("fons", "put", f"{meeting.api}/room").json == room, "twice is once"
    message = ask("anna", "post", f"/api/v1{room['url']}/messages", body="Wie rijdt er mee?").json
    assert ask("eva", "put", f"{meeting.api}/room/closure").json["closed"]
    said = f"/api/v1/messages/{message['id']}"
    assert ask("anna", "post", f"/api/v1{room['url']}/messages", body="Nog iemand?").status_code == 409
    assert ask("anna", "patch", said, body="Anders", base_version=1).status_code == 409
    assert ask("bram", "put", f"{said}/reactions/thanks").status_code == 409
    assert ask("anna", "delete", said).status_code == 200, "what takes words away stays possible"
    assert ask("anna", "post", f"{said}/restoring").status_code == 409
    assert ask("eva", "put", f"{meeting.api}/room").json["closed"] is None
    assert ask("anna", "post", f"{said}/restoring").status_code == 200


def test_stranger_gets_404(meeting: Any, ask: Any, app: Any, cast: Any, tick: Any) -> None:
    tick(START)
    room = ask("anna", "get", f"{meeting.api}/room").json
    with app.app_context(), transaction():
        db.session.add(Guest(person_id=cast.chris, thing_id=meeting.id, role="reader"))
    for who in ("chris", "hans", "iris"):
        assert ask(who, "get", f"{meeting.api}/room").status_code == 404
        assert ask(who, "put", f"{meeting.api}/room").status_code == 404
        assert ask(who, "put", f"{meeting.api}/room/closure").status_code == 404
        assert ask(who, "get", f"/api/v1{room['url']}").status_code == 404
    assert (
        room["url"] not in cast.client(None).get(meeting.url, headers={**cast.api("chris"), "Accept": "text/html"}).text
    )


def test_wrong_role_gets_403(today: Any, ask: Any, read: Any) -> None:
    for who in ("anna", "dina", "gerda"):
        assert ask(who, "put", f"{today.api}/room").status_code == 403
        assert ask(who, "put", f"{today.api}/room/closure").status_code == 403
        assert "Open de chat nu" not in read(who, today.url)
    assert "Open de chat nu" in read("eva", today.url)


def test_is_journalled(today: Any, ask: Any, app: Any) -> None:
    ask("eva", "put", f"{today.api}/room")
    ask("eva", "put", f"{today.api}/room/closure")
    with app.app_context():
        found = db.session.scalars(select(JournalEntry).where(JournalEntry.verb.startswith("rooms."))).all()
        assert sorted((one.verb, *one.details) for one in found) == [("rooms.close", "room"), ("rooms.open", "room")]


def test_refused_when_it_is_far_away(meeting: Any, ask: Any, read: Any) -> None:
    assert ask("eva", "put", f"{meeting.api}/room").status_code == 409
    assert "Open de chat nu" not in read("eva", meeting.url)


def test_a_cancelled_meeting_closes_its_room(today: Any, ask: Any, read: Any, tick: Any) -> None:
    tick(START - HOUR / 2)
    room = ask("anna", "get", f"{today.api}/room").json
    assert ask("eva", "put", f"{today.api}/cancellation", reason="Te glad").status_code == 200
    assert "De bijeenkomst gaat niet door." in read("anna", room["url"])
    assert ask("eva", "put", f"{today.api}/room").status_code == 409
    tick(START)
    assert ask("anna", "get", f"{today.api}/room").json["closed"]


def test_it_is_named_after_the_meeting(today: Any, ask: Any, tick: Any) -> None:
    tick(START - HOUR / 2)
    assert ask("eva", "patch", today.api, title="Nog meer plaats").status_code == 200
    assert ask("anna", "get", f"{today.api}/room").json["title"] == "Nog meer plaats"


def test_a_closed_room_is_not_listed(app: Any, cast: Any, today: Any, ask: Any, read: Any, tick: Any) -> None:
    with app.app_context(), transaction():
        usual = ensure_room(db.session.get_one(Community, cast.one)).id
    tick(START)
    opened = ask("anna", "get", f"{today.api}/room").json["id"]
    listed = "/api/v1/communities/een/rooms"
    assert [row["id"] for row in ask("anna", "get", listed).json["items"]] == [usual, opened]
    ask("eva", "put", f"{today.api}/room/closure")
    assert [row["id"] for row in ask("anna", "get", listed).json["items"]] == [usual]
    for page in ("/", "/communities/een"):
        assert f'"/rooms/{opened}"' not in read("anna", page)
    with app.app_context():
        found = room_of(db.session.get_one(Meeting, today.id).id)
        assert found is not None
        assert db.session.get_one(Room, found.id).closed is not None


def test_an_outcome_of_its_messages_belongs_to_the_meeting(
    app: Any, cast: Any, today: Any, ask: Any, read: Any, tick: Any
) -> None:
    with app.app_context(), transaction():
        usual = ensure_room(db.session.get_one(Community, cast.one)).id
    tick(START)
    room = ask("anna", "get", f"{today.api}/room").json
    said = ask("anna", "post", f"/api/v1{room['url']}/messages", body="Wij beginnen.").json["id"]
    assert f'<option value="{today.id}" selected>' in read("anna", f"/messages/{said}/outcome")
    other = ask("anna", "post", f"/api/v1/rooms/{usual}/messages", body="Iets anders.").json["id"]
    assert f'<option value="{today.id}" selected>' not in read("anna", f"/messages/{other}/outcome")
