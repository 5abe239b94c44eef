"""Every event of a socket reads its session and its rights anew."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete

from cop.base import live
from cop.base.action import transaction
from cop.base.db import db
from cop.base.live import socket_count
from cop.base.live.protocol import BINARY_EVENTS, Malformed, StrictPacket
from cop.base.live.sockets import sockets
from cop.chat.models import ensure_room
from cop.society.credentials import Session
from cop.society.programmes import Community


@pytest.fixture
def place(app: Flask, cast: Any) -> str:
    """Return the place of the room of community 1."""
    with app.app_context(), transaction():
        return f"room:{ensure_room(db.session.get_one(Community, cast.one)).id}"


@pytest.mark.parametrize("event", ["join", "typing"])
def test_event_after_the_session_ended_is_refused(app: Flask, cast: Any, connect: Any, place: str, event: str) -> None:
    """Also where nobody told this process that it ended: the row is gone, and that is enough."""
    anna = connect("anna")
    assert anna.emit("join", {"place": place}, callback=True)["ok"]
    with app.app_context(), transaction():
        db.session.execute(delete(Session).where(Session.person_id == cast.anna))
    answer = anna.emit(event, {"place": place}, callback=True)
    assert answer in ({"error": "forbidden"}, [])  # the refusal, or nothing: it is disconnected
    assert not anna.is_connected()
    assert socket_count() == 0


def test_event_of_a_session_that_is_now_of_somebody_else_is_refused(
    app: Flask, cast: Any, connect: Any, place: str
) -> None:
    anna = connect("anna")
    with app.app_context(), transaction():
        db.session.query(Session).filter_by(person_id=cast.anna).one().person_id = cast.bram
    assert anna.emit("join", {"place": place}, callback=True) in ({"error": "forbidden"}, [])
    assert not anna.is_connected()


@pytest.mark.parametrize(
    ("read", "answer"),
    [
        ([5, 6], {"ok": True, "seq": 6}),  # a message came while the socket entered
        ([5, None], {"error": "forbidden"}),  # access ended while the socket entered
        ([None], {"error": "forbidden"}),
    ],
)
def test_join_is_read_anew_after_the_place_was_entered(
    app: Flask,
    cast: Any,
    connect: Any,
    place: str,
    monkeypatch: pytest.MonkeyPatch,
    read: list[int | None],
    answer: Any,
) -> None:
    anna = connect("anna")
    (socket,) = sockets.of(cast.anna)
    entered: list[bool] = []

    def last_seq(_person: Any, _place: str) -> int | None:
        entered.append(place in socket.places)
        return read[len(entered) - 1]

    monkeypatch.setitem(app.extensions, "hooks", replace(app.extensions["hooks"], last_seq=last_seq))
    assert anna.emit("join", {"place": place}, callback=True) == answer
    assert entered == [False, True][: len(read)]
    assert (place in socket.places) == ("ok" in answer)
    members = live.socketio.server.manager.get_participants("/", live.channel(place, socket.language))
    assert [sid for sid, _connection in members] == ([socket.sid] if "ok" in answer else [])


def test_join_of_a_session_that_ends_meanwhile_is_refused(
    app: Flask, cast: Any, connect: Any, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = connect("anna")
    authenticated: list[Any] = []
    before = app.extensions["hooks"].authenticate

    def authenticate() -> Any:
        authenticated.append(None if authenticated else before())
        return authenticated[-1]

    monkeypatch.setitem(app.extensions, "hooks", replace(app.extensions["hooks"], authenticate=authenticate))
    assert anna.emit("join", {"place": place}, callback=True) == {"error": "forbidden"}
    assert len(authenticated) == 2
    assert all(place not in one.places for one in sockets.of(cast.anna))


@pytest.fixture
def drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let rooms take binary values of at most 100 bytes with the event `draw`."""
    monkeypatch.setattr("cop.base.live.places._binary", {})
    live.take_binary("draw", "room", 100)
    yield
    BINARY_EVENTS.discard("draw")


@pytest.mark.usefixtures("drawing")
def test_socket_may_send_binary_while_it_is_in_a_place_that_takes_it(cast: Any, connect: Any, place: str) -> None:
    from cop.base.live.admission import Admission

    anna = connect("anna")
    (socket,) = sockets.of(cast.anna)
    socket.admission = Admission(cast.anna)
    for event, cap in (("typing", 0), ("join", 100), ("leave", 0), ("join", 100)):
        anna.emit(event, {"place": place}, callback=True)
        assert socket.admission.binary_cap == cap, event
    with anna.app.app_context():
        live.recheck_place(place)
    assert socket.admission.binary_cap == 100


@pytest.mark.usefixtures("drawing")
def test_binary_event_is_put_together() -> None:
    packet = StrictPacket(encoded_packet='51-7["draw",{"at":{"_placeholder":true,"num":0}}]')
    assert packet.attachment_count == 1
    assert packet.add_attachment(b"\0\xff")
    assert (packet.id, packet.data) == (7, ["draw", {"at": b"\0\xff"}])


@pytest.mark.usefixtures("drawing")
@pytest.mark.parametrize(
    ("text", "attachment"),
    [
        ('51-["draw",{"_placeholder":true,"num":1}]', b"x"),
        ('51-["draw",{"_placeholder":true,"num":"0"}]', b"x"),
        ('51-["draw",{"_placeholder":true,"num":null}]', b"x"),
        ('51-["draw",{"_placeholder":true,"num":0}]', "text"),
    ],
)
def test_binary_value_without_a_place_is_malformed(text: str, attachment: Any) -> None:
    with pytest.raises(Malformed):
        StrictPacket(encoded_packet=text).add_attachment(attachment)


@pytest.mark.usefixtures("drawing")
@pytest.mark.parametrize(
    "text",
    [
        '51-["join",{"_placeholder":true,"num":0}]',
        '52-["draw",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]',
        '50-["draw"]',
        '5["draw",1]',
        '51-[{"_placeholder":true,"num":0}]',
        '61-0[{"_placeholder":true,"num":0}]',
        '21-["draw"]',
    ],
)
def test_other_binary_packets_are_a_goodbye(text: str) -> None:
    read = StrictPacket(encoded_packet=text)
    assert (read.packet_type, read.attachment_count) == (1, 0)
