"""Members in a chat room as their browsers behave: they reconnect, join, catch up by `seq`, and retry what they send.

Each keeps the list of messages it shows. Whatever happens to server or network, all lists must end equal to the server's.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, CloseConnection, RejectConnection, Request, TextMessage

from bench.serving import HOST

TARGET = "/socket.io/?EIO=4&transport=websocket"
PATIENCE = 20.0  # seconds for one answer
FAULTS = (OSError, EOFError, asyncio.TimeoutError, ValueError, LookupError)


@dataclass
class Crowd:
    """Members of one room. `ports` are those of the servers, over which the members are spread."""

    ports: list[int]
    room: int
    tokens: list[str]
    cutting: bool = False  # whether a tenth of the answers to messages is cut off
    heartbeat: float = 25.0  # seconds between two joins of an open page
    acknowledged: dict[str, int] = field(default_factory=dict)  # client_id -> id
    retries: int = 0
    ended: bool = False

    def __post_init__(self) -> None:
        self.members: list[Member] = []
        self.tasks: list[asyncio.Task[None]] = []
        self.writers: list[asyncio.Task[None]] = []
        self.writing = False

    async def enter(self, count: int, within: float = 120) -> None:
        """Let this many members come in, and wait until all have joined."""
        for n in range(len(self.members), len(self.members) + count):
            member = Member(self, self.tokens[n % len(self.tokens)], self.ports[n % len(self.ports)])
            self.members.append(member)
            self.tasks.append(asyncio.create_task(member.stay()))
            await asyncio.sleep(0.005)
        await self.until(lambda: all(one.joined for one in self.members), within)

    def write(self, writers: int, pause: float = 0.0) -> None:
        """Let members write one message after the other, until the end."""
        self.writing = True
        self.writers = [asyncio.create_task(self._write(n, pause)) for n in range(writers)]
        self.tasks += self.writers

    async def rest(self) -> None:
        """Let every message that is on its way be acknowledged, and write no more."""
        self.writing = False
        await asyncio.gather(*self.writers)

    async def _write(self, n: int, pause: float) -> None:
        while self.writing:
            await self.say(self.tokens[n % len(self.tokens)], self.ports[n % len(self.ports)])
            await asyncio.sleep(pause)

    async def say(self, token: str, port: int) -> int:
        """Send a message, again and again with the same client_id until it is acknowledged; return its id."""
        key = str(uuid.uuid4())
        while True:
            try:
                cut = self.cutting and random.random() < 0.1
                body = {"body": key, "client_id": key}
                answer = await asyncio.wait_for(ask(port, "POST", self._messages, token, body, cut), PATIENCE)
                self.acknowledged[key] = answer["id"]
                return int(answer["id"])
            except FAULTS:
                self.retries += 1
                await asyncio.sleep(0.05)

    @property
    def _messages(self) -> str:
        return f"/api/v1/rooms/{self.room}/messages"

    async def missed(self, member: Member) -> list[dict[str, Any]]:
        """Return the next messages after the last that a member shows."""
        path = f"{self._messages}?changed_after={member.seq}&limit=100"
        found = await asyncio.wait_for(ask(member.port, "GET", path, member.token), PATIENCE)
        items: list[dict[str, Any]] = found["items"]
        return items

    async def until(self, there: Callable[[], bool], within: float) -> float:
        """Wait until something holds and return the seconds it took; raise TimeoutError if it does not come."""
        began = time.monotonic()
        while not there():
            if time.monotonic() - began > within:
                joined = sum(one.joined for one in self.members)
                raise TimeoutError(f"not within {within} s; {joined} of {len(self.members)} are in the room")
            await asyncio.sleep(0.02)
        return time.monotonic() - began

    async def settle(self, expected: list[int], within: float = 60) -> None:
        """Wait until everybody shows what the server has."""
        await self.until(lambda: all(one.joined and len(one.shown) >= len(expected) for one in self.members), within)

    async def leave(self) -> None:
        """End all."""
        self.ended = True
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    def faults(self, expected: list[int]) -> tuple[int, int, int]:
        """Return how many messages were lost, shown twice, and shown in another order, over all members."""
        lost = sum(len(set(expected) - set(one.shown)) for one in self.members)
        twice = sum(len(one.shown) - len(set(one.shown)) for one in self.members)
        disorder = sum(one.shown != expected for one in self.members) if not lost and not twice else 0
        return lost, twice, disorder


class Member:
    """An open page of the room."""

    def __init__(self, crowd: Crowd, token: str, port: int):
        self.crowd, self.token, self.port = crowd, token, port
        self.seq: int | None = None  # the last change shown; None before the page was opened
        self.shown: list[int] = []
        self.joined = False
        self.away = False  # while the page is closed on purpose
        self.transport: asyncio.Transport | None = None
        self.connections = self.gaps = 0
        self.present = 0  # people in the room, by the last list that came

    def cut(self) -> None:
        """Cut the connection, as a tunnel does."""
        if self.transport:
            self.transport.abort()

    async def stay(self) -> None:
        """Keep a connection, with the pauses of the browser's client: 0.5 to 5 s, drawn 50 % around that."""
        failures = 0
        while not self.crowd.ended:
            if self.away:
                await asyncio.sleep(0.1)
                continue
            with suppress(*FAULTS):
                await self._live()
            failures = 0 if self.joined else failures + 1
            self.joined = False
            await asyncio.sleep(min(0.5 * 2**failures, 5.0) * random.uniform(0.5, 1.5))

    async def _live(self) -> None:
        reader, writer = await asyncio.wait_for(asyncio.open_connection(HOST, self.port), PATIENCE)
        line = _Line(reader, writer, f"{HOST}:{self.port}", self.token)
        try:
            self.transport = writer.transport
            await asyncio.wait_for(line.open(), PATIENCE)
            self.connections += 1
            join, clock = "420" + json.dumps(["join", {"place": f"room:{self.crowd.room}"}]), asyncio.get_running_loop()
            while True:
                await line.send(join)
                again = clock.time() + self.crowd.heartbeat
                while (rest := again - clock.time()) > 0:
                    with suppress(asyncio.TimeoutError):
                        for packet in await asyncio.wait_for(line.packets(), rest):
                            await self._take(packet)
        finally:
            self.transport = None
            writer.transport.abort()

    async def _take(self, packet: str) -> None:
        if packet.startswith("430"):
            (answer,) = json.loads(packet[3:])
            if "seq" not in answer:
                raise ConnectionError(f"join: {answer}")
            if self.seq is None:
                self.seq = answer["seq"]
            if answer["seq"] > self.seq:
                self.gaps += 1
                await self._catch_up(answer["seq"])
            self.joined = True
        elif packet.startswith('42["told",') and self.seq is not None:
            event = json.loads(packet[2:])[1]
            if event["seq"] == self.seq + 1:
                self.seq = event["seq"]
                self.shown.append(event["id"])
            elif event["seq"] > self.seq:
                await self._catch_up(event["seq"])
        elif packet.startswith('42["present",'):
            self.present = json.loads(packet[2:])[1]["count"]

    async def _catch_up(self, due: int) -> None:
        """Fetch page by page until nothing more comes."""
        assert self.seq is not None
        while items := await self.crowd.missed(self):
            self.shown += [item["id"] for item in items]
            self.seq = max(item["seq"] for item in items)
        self.seq = max(self.seq, due)


class _Line:
    """A Socket.IO connection of a member."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str, token: str):
        self.reader, self.writer = reader, writer
        self.protocol = WSConnection(ConnectionType.CLIENT)
        self.partial = ""
        known = [(b"authorization", f"Bearer {token}".encode())]
        writer.write(self.protocol.send(Request(host, TARGET, extra_headers=known)))

    async def open(self) -> None:
        """Wait until the namespace is joined."""
        sent = False
        while True:
            for packet in await self.packets():
                if packet.startswith("0") and not sent:
                    sent = True
                    await self.send("40")
                elif packet.startswith("40"):
                    return
                elif packet.startswith("44"):
                    raise ConnectionError(packet)

    async def send(self, packet: str) -> None:
        self.writer.write(self.protocol.send(TextMessage(packet)))
        await self.writer.drain()

    async def packets(self) -> list[str]:
        """Return the packets that the next bytes complete; answer pings."""
        data = await self.reader.read(65_536)
        if not data:
            raise EOFError
        self.protocol.receive_data(data)
        found: list[str] = []
        for event in self.protocol.events():
            if isinstance(event, TextMessage):
                self.partial += event.data
                if event.message_finished:
                    packet, self.partial = self.partial, ""
                    if packet == "2":
                        await self.send("3")
                    else:
                        found.append(packet)
            elif isinstance(event, CloseConnection | RejectConnection):
                raise ConnectionError(str(event))
            elif not isinstance(event, AcceptConnection):
                continue
        return found


async def ask(port: int, method: str, path: str, token: str, body: Any = None, cut: bool = False) -> Any:
    """Return the JSON of an answer on a connection of its own; with `cut` the connection ends before the answer."""
    reader, writer = await asyncio.open_connection(HOST, port)
    try:
        content = b"" if body is None else json.dumps(body).encode()
        writer.write(
            f"{method} {path} HTTP/1.1\r\nHost: {HOST}:{port}\r\nAuthorization: Bearer {token}\r\n"
            f"Content-Type: application/json\r\nConnection: close\r\nContent-Length: {len(content)}\r\n\r\n".encode()
            + content
        )
        await writer.drain()
        if cut:
            await asyncio.sleep(random.uniform(0, 0.05))
            raise ConnectionError("cut")
        head, _blank, text = (await reader.read()).partition(b"\r\n\r\n")
        if head.split(b" ", 2)[1] not in (b"200", b"201"):
            raise ConnectionError(head.decode()[:200])
        return json.loads(text)
    finally:
        writer.transport.abort()
