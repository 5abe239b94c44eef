"""A Socket.IO client light enough to run a thousand of in one process: websocket only, text packets only.

Packets begin with a digit of Engine.IO (0 open, 2 ping, 3 pong, 4 message) and, in a message, one of
Socket.IO (0 connect, 2 event, 3 acknowledgement, 4 refusal).
"""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from typing import Any

from wsproto import ConnectionType, WSConnection
from wsproto.events import CloseConnection, Ping, RejectConnection, Request, TextMessage

TARGET = "/socket.io/?EIO=4&transport=websocket"


class Client:
    """One live connection; blocking until it has joined, afterwards read through a selector."""

    def __init__(self, host: str, port: int, token: str) -> None:
        self.socket = socket.create_connection((host, port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.protocol = WSConnection(ConnectionType.CLIENT)
        self.partial = ""
        known = [(b"authorization", f"Bearer {token}".encode())]
        self.socket.sendall(self.protocol.send(Request(f"{host}:{port}", TARGET, extra_headers=known)))
        self._await("0")
        self.send("40" + json.dumps({"token": token}))
        self._await("40")

    def fileno(self) -> int:
        return self.socket.fileno()

    def send(self, packet: str) -> None:
        """Send one text packet."""
        self.socket.sendall(self.protocol.send(TextMessage(packet)))

    def emit(self, event: str, value: object) -> None:
        """Send an event without acknowledgement."""
        self.send("42" + json.dumps([event, value]))

    def join(self, place: str) -> dict[str, Any]:
        """Join a place and return the acknowledgement; raise ConnectionError when refused."""
        self.send("420" + json.dumps(["join", {"place": place}]))
        (acknowledged,) = json.loads(self._await("430"))
        if not acknowledged.get("ok"):
            raise ConnectionError(f"join {place}: {acknowledged}")
        return acknowledged

    def await_event(self, event: str) -> Any:
        """Wait for an event and return its value."""
        return json.loads(self._await(f'42["{event}",')[:-1])

    def receive(self) -> bytes:
        """Return the bytes that have arrived, unparsed; empty when the server closed."""
        return self.socket.recv(65_536)

    def packets(self, data: bytes) -> Iterator[str]:
        """Yield the packets that `data` completes; answer pings."""
        self.protocol.receive_data(data)
        for event in self.protocol.events():
            if isinstance(event, TextMessage):
                self.partial += event.data
                if event.message_finished:
                    packet, self.partial = self.partial, ""
                    if packet == "2":
                        self.send("3")
                    else:
                        yield packet
            elif isinstance(event, Ping):
                self.socket.sendall(self.protocol.send(event.response()))
            elif isinstance(event, CloseConnection | RejectConnection):
                raise ConnectionError(f"the server closed the socket: {event}")

    def _await(self, prefix: str) -> str:
        while True:
            data = self.receive()
            if not data:
                raise ConnectionError(f"the server closed the socket before it sent {prefix}")
            for packet in list(self.packets(data)):  # all of them, as a ping among them needs its answer
                if packet.startswith("44"):
                    raise ConnectionError(f"the server refused the connection: {packet}")
                if packet.startswith(prefix):
                    return packet.removeprefix(prefix)

    def close(self) -> None:
        """Close the socket without a goodbye, as a closed laptop does."""
        self.socket.close()
