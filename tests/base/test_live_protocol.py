"""Packets: what is none, or calls what only the server may call, is read as a goodbye."""

from __future__ import annotations

from typing import Any
from unittest.mock import Mock

import pytest
from simple_websocket import ConnectionClosed
from socketio import packet

from cop.base.live import socket_count, socketio
from cop.base.live.protocol import HardenedWebSocket, StrictPacket


@pytest.mark.parametrize("text", ['2["join",{"place":"thread:1"}]', '27["typing",{}]', "0", '0{"token":"x"}', "1"])
def test_what_pages_send_is_read(text: str) -> None:
    read, plain = StrictPacket(encoded_packet=text), packet.Packet(encoded_packet=text)
    assert (read.packet_type, read.id, read.data) == (plain.packet_type, plain.id, plain.data)


@pytest.mark.parametrize(
    "text",
    ["2", "2[", "2[]", "2{}", "2[1]", "2[null]", "2[[]]", "3[]", "4{}", "9", "x", '51-["x",{"_placeholder":true}]',
     "2" + "[" * 50_000, "2" + "9" * 5_000 + "[]", b"\xff", b"2[]", '2["connect"]', '2["disconnect"]'],
)  # fmt: skip
def test_anything_else_is_a_goodbye(text: Any) -> None:
    read = StrictPacket(encoded_packet=text)
    assert (read.packet_type, read.id, read.data) == (packet.DISCONNECT, None, None)


@pytest.mark.parametrize("gone", [OSError(9, "Bad file descriptor"), ConnectionClosed()])
def test_nobody_is_left_to_say_goodbye_to(gone: Exception) -> None:
    """The thread that says it has nobody to tell of its failure."""
    wire = HardenedWebSocket(None, None)
    wire.ws = Mock(connected=True, close=Mock(side_effect=gone))
    wire.close()
    wire.ws.close.assert_called_once()


@pytest.mark.parametrize("name", ["connect", "disconnect"])
def test_nobody_leaves_our_books_and_listens_on(cast: Any, connect: Any, name: str) -> None:
    """By the handler's name a client once took itself out of the sockets that are cut, yet stayed in its places."""
    wire, mine = connect("anna"), f"person:{cast.anna}"
    assert len(list(socketio.server.manager.get_participants("/", mine))) == 1
    socketio.server._handle_eio_message(wire.eio_sid, f'2["{name}"]')
    assert (list(socketio.server.manager.get_participants("/", mine)), socket_count()) == ([], 0)
