"""A programme in the archive can be read and withdrawn from, but not added to; an administrator takes it out again."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from cop import access
from cop.access.rules import IN_ARCHIVE, WITHDRAWING, archived
from cop.base import text
from cop.base.action import transaction
from cop.base.db import db
from cop.chat import actions as chat
from cop.chat.models import ensure_room
from cop.programmes import actions as programmes
from cop.society.people import Person
from cop.society.programmes import Community, Programme
from cop.threads import actions as threads
from cop.threads.models import Post, Thread

BODY = {"body": "Nog iets.", "format": "plain"}


@pytest.fixture
def archive(cast: Any, app: Any) -> SimpleNamespace:
    """Return a thread of Anna with a reply and a message, in a programme that is then put in the archive."""
    with app.app_context(), transaction():
        anna, fons = (db.session.get_one(Person, id) for id in (cast.anna, cast.fons))
        one = db.session.get_one(Community, cast.one)
        thread = threads.start(anna, one, title="Wie heeft een convenant?", text=text.render("Wij zoeken.", "plain"))
        post = threads.reply(anna, thread, text=text.render("Gevonden.", "plain"))
        room = ensure_room(one)
        message = chat.say(anna, room, text=text.render("Dag", "plain"))
        programmes.enter_phase(fons, db.session.get_one(Programme, cast.programme), phase="archive")
        return SimpleNamespace(thread=thread.id, post=post.id, room=room.id, message=message.id)


def writing(archive: SimpleNamespace) -> list[tuple[str, str, dict[str, Any]]]:
    thread, post, room = f"/threads/{archive.thread}", f"/posts/{archive.post}", f"/rooms/{archive.room}"
    return [
        ("POST", f"{thread}/posts", BODY),
        ("POST", "/communities/een/threads", {"title": "Nieuw", **BODY}),
        ("POST", f"{room}/messages", BODY),
        ("PATCH", post, {**BODY, "base_version": 1}),
        ("PUT", f"{post}/reactions/thanks", {}),
        ("PUT", f"{thread}/closure", {}),
        ("POST", "/communities/een/folders", {"name": "Map"}),
        ("POST", "/communities/een/members", {"mail": "n@proef.example"}),
        ("PATCH", "/communities/een", {"name": "Anders"}),
        ("POST", "/programmes/proef/communities", {"name": "Nog een"}),
    ]


def test_nobody_can_add_or_change_anything(cast: Any, archive: SimpleNamespace) -> None:
    for method, path, given in writing(archive):
        for who in ("anna", "fons"):
            answer = cast.client(None).open(f"/api/v1{path}", method=method, headers=cast.api(who), json=given)
            assert answer.status_code == 403, (who, method, path, answer.text)
    answer = cast.client(None).post(f"/api/v1/threads/{archive.thread}/posts", headers=cast.api("anna"), json=BODY)
    assert answer.json["detail"].startswith("Dit programma staat in het archief.")
    # Without a role it stays what it was.
    outsider = cast.client(None).post(f"/api/v1/threads/{archive.thread}/posts", headers=cast.api("hans"), json=BODY)
    assert outsider.status_code == 404


def test_everybody_reads_and_sees_why(cast: Any, archive: SimpleNamespace) -> None:
    page = cast.client("anna").get(f"/threads/{archive.thread}").text
    assert "Wie heeft een convenant?" in page
    assert "Dit programma staat in het archief. Reageren kan niet meer." in page
    assert '<form class="composer"' not in page
    room = cast.client("anna").get(f"/rooms/{archive.room}").text
    assert "Dit programma staat in het archief. Reageren kan niet meer." in room
    assert 'action="/rooms/' not in room.partition("<main")[2].replace("/mark", "")
    for path in ("/communities/een", "/communities/een/threads", "/communities/een/documents", "/programmes/proef"):
        assert "Dit programma staat in het archief." in cast.client("anna").get(path).text, path
    assert cast.client("anna").get("/communities/een/threads/new").status_code == 403


def test_what_one_wrote_can_still_be_withdrawn(cast: Any, app: Any, archive: SimpleNamespace) -> None:
    client, headers = cast.client(None), cast.api("anna")
    assert client.delete(f"/api/v1/posts/{archive.post}", headers=headers).status_code == 200
    assert client.post(f"/api/v1/posts/{archive.post}/restoring", headers=headers).status_code == 200
    hiding = {"reason": "Persoonsgegevens"}
    answer = client.put(f"/api/v1/posts/{archive.post}/hiding", headers=cast.api("eva"), json=hiding)
    assert answer.status_code == 200
    assert client.post(f"/api/v1/threads/{archive.thread}/read", headers=headers).status_code != 500
    assert cast.client("anna").post(f"/communities/een/members/{cast.anna}/delete").status_code == 303


def test_an_administrator_takes_it_out_again(cast: Any, archive: SimpleNamespace) -> None:
    assert cast.client("fons").post("/programmes/proef", data={"phase": "closing"}).status_code == 403
    assert cast.client("iris").post("/programmes/proef", data={"phase": "closing"}).status_code == 303
    answer = cast.client(None).post(f"/api/v1/threads/{archive.thread}/posts", headers=cast.api("anna"), json=BODY)
    assert answer.status_code == 201
    assert "in het archief" not in cast.client("anna").get(f"/threads/{archive.thread}").text


@pytest.mark.parametrize(("who", "undo"), [("fons", False), ("iris", True)])
def test_putting_it_there_says_what_happens_and_an_administrator_can_undo_it(cast: Any, who: str, undo: bool) -> None:
    page = cast.client(who).post("/programmes/proef", data={"phase": "archive"}, follow_redirects=True).text
    assert "Proefprogramma staat nu in het archief." in page
    assert ('name="phase" value="start"' in page.partition('class="flash"')[2].partition("</div>")[0]) is undo


def test_guests_only_read(cast: Any, app: Any, archive: SimpleNamespace, invite: Any) -> None:
    invite("hans", archive.thread, role="member")
    assert cast.client("hans").get(f"/threads/{archive.thread}").status_code == 200
    answer = cast.client(None).post(f"/api/v1/threads/{archive.thread}/posts", headers=cast.api("hans"), json=BODY)
    assert answer.status_code == 403


def test_every_verb_on_a_thing_is_refused_unless_it_withdraws(cast: Any, app: Any, archive: SimpleNamespace) -> None:
    with app.app_context():
        fons = db.session.get_one(Person, cast.fons)
        things = (
            db.session.get_one(Post, archive.post),
            db.session.get_one(Thread, archive.thread),
            db.session.get_one(Community, cast.one),
            db.session.get_one(Programme, cast.programme),
        )
        allowed = {verb for verb in access.RULES if not all(archived(fons, verb, thing) for thing in things)}
    assert allowed >= IN_ARCHIVE
    assert {verb for verb in allowed - IN_ARCHIVE if verb.partition(".")[2] not in WITHDRAWING} == set()
    assert "files.restore" not in allowed
