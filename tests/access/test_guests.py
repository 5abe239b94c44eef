"""Guests: a person invited to a single thing sees it and what stands in it, nothing else, and nothing after the term."""

from __future__ import annotations

import io
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from cop import access
from cop.base import clock, text
from cop.base.action import transaction
from cop.base.db import db
from cop.base.email import Email
from cop.chat import actions as chat
from cop.chat.models import ensure_room
from cop.documents import actions as documents
from cop.members.listeners import end_terms
from cop.notices import emails
from cop.notices.digest import news
from cop.search.filling import index_all
from cop.society.audience import Guest
from cop.society.memberships import audience_size
from cop.society.people import Person
from cop.society.programmes import Community
from cop.things import ThingLink
from cop.threads import actions as threads
from cop.threads.models import Post, Thread


@pytest.fixture
def world(cast: Any, app: Any) -> SimpleNamespace:
    """Two threads and a room in the first community; to the first thread hangs a file, another lies on the shelf."""
    with app.app_context(), transaction():
        anna = db.session.get_one(Person, cast.anna)
        one = db.session.get_one(Community, cast.one)
        store = app.extensions["files"]

        def upload(name: str, draft: bool) -> int:
            blob = store.keep(store.spool(io.BytesIO(name.encode()), 1_000, name))
            return documents.upload(anna, one, blob=blob, name=name, draft=draft).id

        attached, shelved = upload("bijlage.txt", True), upload("plank.txt", False)

        def start(title: str, *files: int) -> Thread:
            said = text.render("Een kwartelkoning", "plain")
            return threads.start(anna, one, title=title, text=said, files=files)

        thread, other = start("De gast leest mee", attached), start("Niet voor de gast")
        room = ensure_room(one)
        message = chat.say(anna, room, text=text.render("Hier zingt een kwartelkoning", "plain"))
        index_all()
        post = db.session.scalar(select(Post.id).where(Post.parent_id == thread.id))
        return SimpleNamespace(
            thread=thread.id,
            other=other.id,
            post=post,
            file=attached,
            shelved=shelved,
            room=room.id,
            message=message.id,
        )


def inside(world: Any) -> list[str]:
    """The addresses that a guest of the thread can read."""
    return [
        f"/threads/{world.thread}",
        f"/posts/{world.post}",
        f"/posts/{world.post}/acts",
        f"/files/{world.file}",
        f"/files/{world.file}/content",
    ]


def outside(world: Any) -> list[str]:
    """What they cannot."""
    return [
        f"/threads/{world.other}",
        f"/files/{world.shelved}",
        f"/files/{world.shelved}/content",
        f"/rooms/{world.room}",
        f"/messages/{world.message}",
        *(f"/communities/een{page}" for page in ("", "/threads", "/documents", "/members", "/rooms", "/names")),
    ]


def codes(cast: Any, who: str, addresses: list[str]) -> set[int]:
    found = set()
    for address in addresses:
        with cast.client(who).get(address, follow_redirects=True) as answer:  # a file is open until then
            found.add(answer.status_code)
    return found


def found(cast: Any, who: str) -> set[tuple[str, int]]:
    """The hits of a search, by kind and id."""
    answer = cast.client(None).get("/api/v1/search?q=kwartelkoning", headers=cast.api(who))
    return {(hit["kind"], hit["id"]) for hit in answer.json["items"]}


def test_a_guest_sees_the_thread_and_nothing_else(cast: Any, world: Any, invite: Any, connect: Any) -> None:
    assert codes(cast, "hans", inside(world)) == {404}
    invite("hans", world.thread)
    assert codes(cast, "hans", inside(world)) == {200}
    assert codes(cast, "hans", outside(world)) == {404}
    assert found(cast, "hans") == {("post", world.post)} or found(cast, "hans") == {("question", world.thread)}
    socket = connect("hans")
    for place, error in (
        (f"thread:{world.thread}", None),
        (f"thread:{world.other}", "forbidden"),
        (f"room:{world.room}", "forbidden"),
    ):
        assert socket.emit("join", {"place": place}, callback=True).get("error") == error
    api = cast.client(None).get(f"/api/v1/threads/{world.thread}/posts", headers=cast.api("hans"))
    assert [post["id"] for post in api.json["items"]] == [world.post]
    assert "een" not in cast.client(None).get("/api/v1/communities", headers=cast.api("hans")).text


def test_the_page_of_a_guest_leads_nowhere_into_the_community(cast: Any, world: Any, invite: Any) -> None:
    invite("hans", world.thread, "member")
    member, guest = (cast.client(who).get(f"/threads/{world.thread}").text for who in ("bram", "hans"))
    assert "/communities/een" in member
    assert "/communities/een" not in guest
    assert "Eerste kring" in guest
    assert "/communities/een" not in cast.client("hans").get(f"/files/{world.file}").text
    assert "/communities/een" in cast.client("bram").get(f"/threads/{world.thread}").text


def test_the_role_of_a_guest_is_that_of_the_invitation(cast: Any, app: Any, world: Any, invite: Any) -> None:
    path = f"/api/v1/threads/{world.thread}/posts"
    invite("hans", world.thread, "reader")
    invite("chris", world.thread, "expert")
    said = {"body": "Dat kan zo", "format": "plain"}
    assert cast.client(None).post(path, headers=cast.api("hans"), json=said).status_code == 403
    answer = cast.client(None).post(path, headers=cast.api("chris"), json=said)
    assert answer.status_code == 201, answer.text
    assert answer.json["author"]["role"] == "expert"
    mine = {"body": "Beter", "format": "plain", "base_version": 1}
    post = f"/api/v1/posts/{answer.json['id']}"
    assert cast.client(None).patch(post, headers=cast.api("chris"), json=mine).status_code == 200
    for verb in ("pin", "closure"):
        answer = cast.client(None).put(f"/api/v1/threads/{world.thread}/{verb}", headers=cast.api("chris"))
        assert answer.status_code == 403, verb
    other = f"/api/v1/threads/{world.other}/posts"
    assert cast.client(None).post(other, headers=cast.api("chris"), json=said).status_code == 404
    new = {"title": "Nieuw", **said}
    started = cast.client(None).post("/api/v1/communities/een/threads", headers=cast.api("chris"), json=new)
    assert started.status_code == 404


def test_a_guest_of_a_room_reads_its_messages(cast: Any, world: Any, invite: Any, connect: Any) -> None:
    invite("hans", world.room, "member")
    assert codes(cast, "hans", [f"/rooms/{world.room}", f"/messages/{world.message}"]) == {200}
    assert codes(cast, "hans", inside(world)) == {404}
    said = {"body": "Dag", "format": "plain"}
    path = f"/api/v1/rooms/{world.room}/messages"
    assert cast.client(None).post(path, headers=cast.api("hans"), json=said).status_code == 201
    assert found(cast, "hans") == {("message", world.message)}


def test_hidden_texts_stay_hidden_to_a_guest(cast: Any, run_as: Any, world: Any, invite: Any) -> None:
    invite("hans", world.thread, "member")
    run_as("eva", threads.POSTS.hide, Post, world.post, reason="Persoonsgegevens")
    assert "kwartelkoning" not in cast.client("hans").get(f"/threads/{world.thread}").text
    assert codes(cast, "hans", [f"/files/{world.file}"]) == {404}
    run_as("eva", threads.hide_thread, Thread, world.thread, reason="Persoonsgegevens")
    assert codes(cast, "hans", inside(world)) == {404}


def test_notices_and_mail_reach_a_guest_until_the_term_is_over(
    cast: Any, app: Any, run_as: Any, world: Any, invite: Any, sees: Any
) -> None:
    assert not sees("hans", world.thread)
    guest = invite("hans", world.thread)
    assert sees("hans", world.thread)
    run_as("anna", threads.reply, Thread, world.thread, text=text.render("Dag @Hans Heen, kijk eens", "plain"))
    page = cast.client("hans").get("/notices").text
    assert "De gast leest mee" in page
    with app.app_context():
        letter = db.session.scalar(select(Email).where(Email.person_id == cast.hans))
        assert letter is not None
        assert emails.still_readable(letter)
    with app.app_context(), transaction():
        db.session.get_one(Guest, guest).ended = clock.now()
    with app.app_context():
        letter = db.session.scalar(select(Email).where(Email.person_id == cast.hans))
        assert not emails.still_readable(letter)
    assert "De gast leest mee" not in cast.client("hans").get("/notices").text
    assert not sees("hans", world.thread)
    run_as("anna", threads.reply, Thread, world.thread, text=text.render("Dag @Hans Heen, weer", "plain"))
    with app.app_context():
        assert len(db.session.scalars(select(Email).where(Email.person_id == cast.hans)).all()) == 1


def test_the_daily_mail_tells_a_guest_of_that_thread_alone(cast: Any, app: Any, world: Any, invite: Any) -> None:
    invite("hans", world.thread)
    with app.app_context():
        items, more = news(db.session.get_one(Person, cast.hans), 0)
        assert [(item.title, item.community) for item in items] == [("De gast leest mee", "Eerste kring")]
        assert more == 0


def test_the_last_day_counts_and_the_next_does_not(
    cast: Any, app: Any, world: Any, invite: Any, connect: Any, sees: Any
) -> None:
    invite("hans", world.thread, until=clock.today())
    assert sees("hans", world.thread)
    socket = connect("hans")
    assert socket.emit("join", {"place": f"thread:{world.thread}"}, callback=True)["ok"]
    clock.shift(timedelta(days=1))
    assert codes(cast, "hans", inside(world)) == {404}
    assert found(cast, "hans") == set()
    with app.app_context():
        end_terms()
        assert db.session.scalar(select(Guest.ended)) is not None
    assert "gone" in [message["name"] for message in socket.get_received()]


def test_guests_are_not_counted_in_the_audience_size(cast: Any, app: Any, world: Any, invite: Any) -> None:
    invite("hans", world.thread)
    with app.app_context():
        assert audience_size(cast.audiences.one) == (6, 3, 0)
        assert access.rights(db.session.get_one(Person, cast.hans)).communities == []


def test_a_member_who_is_a_guest_elsewhere_keeps_both(cast: Any, world: Any, invite: Any) -> None:
    invite("chris", world.thread)
    assert codes(cast, "chris", [*inside(world), "/communities/twee"]) == {200}
    assert codes(cast, "chris", outside(world)) == {404}


def test_a_document_left_behind_by_a_moved_thread_is_not_theirs(cast: Any, app: Any, world: Any, invite: Any) -> None:
    """It is attached to the thread, but stands for the community in which it was shared."""
    invite("chris", world.thread)
    with app.app_context(), transaction():
        post = db.session.get_one(Post, world.post)
        db.session.add(ThingLink(from_id=post.id, to_id=world.shelved, kind="attachment"))
    assert codes(cast, "chris", [f"/files/{world.shelved}"]) == {200}
    with app.app_context(), transaction():
        fons, thread = db.session.get_one(Person, cast.fons), db.session.get_one(Thread, world.thread)
        threads.move(fons, thread, community="twee")
    assert codes(cast, "chris", [f"/threads/{world.thread}", f"/files/{world.file}"]) == {200}
    assert codes(cast, "chris", [f"/files/{world.shelved}", f"/files/{world.shelved}/content"]) == {404}
