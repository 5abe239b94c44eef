"""Live chat: members in a room, messages over HTTP at a fixed rate, every delivery timed and checked.

As a program it reads a Gathering as JSON from standard input and prints Figures as JSON.
"""

from __future__ import annotations

import json
import selectors
import time
from dataclasses import dataclass

from bench import apart
from bench.cpu import cpu_seconds
from bench.memory import pss
from bench.percentile import milliseconds
from bench.receipts import Receipts
from bench.sender import Sender
from bench.socketio_client import Client

GRACE = 5.0  # seconds to wait for the last messages


@dataclass(frozen=True)
class Gathering:
    """A chat room on the server with process `pid`, how many clients join it, and how many messages are sent."""

    host: str
    port: int
    pid: int
    room: int
    tokens: list[str]
    clients: int
    rate: float = 5
    seconds: float = 60
    warmup: float = 2


@dataclass(frozen=True)
class Figures:
    """Milliseconds from the sender's request to each delivery, and to the last client's."""

    sent: int
    refused: int
    deliveries: int
    lost: int
    twice: int
    disorder: int
    p50: float
    p95: float
    p99: float
    last_p50: float
    last_p99: float
    cpu_us: float
    socket_kb: float


class Room:
    """The clients of one gathering, and what each has received."""

    def __init__(self, gathering: Gathering) -> None:
        self.gathering = gathering
        self.receipts = Receipts()
        self.selector = selectors.DefaultSelector()
        self.unread: list[tuple[float, int, bytes]] = []
        self.clients: list[Client] = []

    def enter(self) -> None:
        """Connect all clients; clients of one person share a token."""
        tokens = self.gathering.tokens
        for number in range(self.gathering.clients):
            client = Client(self.gathering.host, self.gathering.port, tokens[number % len(tokens)])
            client.join(f"room:{self.gathering.room}")
            self.clients.append(client)
            self.selector.register(client, selectors.EVENT_READ, number)

    def receive(self, wait: float) -> None:
        """Timestamp all data that has arrived before parsing any of it, or one client's work would delay the next."""
        ready = self.selector.select(0 if self.unread else wait)
        for key, _ in ready:
            data = self.clients[key.data].receive()
            if not data:
                raise ConnectionError(f"the server closed the socket of client {key.data}")
            self.unread.append((time.perf_counter(), key.data, data))
        if not ready:
            self._parse()

    def _parse(self) -> None:
        """Record the messages in the data received so far."""
        unread, self.unread = self.unread, []
        for at, number, data in unread:
            for packet in self.clients[number].packets(data):
                if packet.startswith('42["told",'):
                    message = json.loads(packet[2:])[1]
                    self.receipts.add(number, message["id"], message["seq"], at)

    def leave(self) -> None:
        """Disconnect all clients."""
        for client in self.clients:
            client.close()


def hold(gathering: Gathering) -> Figures:
    """Run a gathering and return its figures.

    Connect, send, and receive until everything has arrived or `GRACE` is over.
    """
    room, before = Room(gathering), pss(gathering.pid)
    room.enter()
    settled = time.perf_counter() + 1
    while time.perf_counter() < settled:
        room.receive(0.1)
    socket_kb = (pss(gathering.pid) - before) / gathering.clients / 1000
    sender = Sender(
        gathering.host,
        gathering.port,
        gathering.room,
        gathering.tokens,
        rate=gathering.rate,
        seconds=gathering.warmup + gathering.seconds,
    )
    cpu, start = cpu_seconds(gathering.pid), time.perf_counter()
    sender.start()
    while sender.is_alive():
        room.receive(0.05)
    end = time.perf_counter() + GRACE
    while time.perf_counter() < end and room.receipts.count() < len(sender.sent_at) * gathering.clients:
        room.receive(0.05)
    cpu = cpu_seconds(gathering.pid) - cpu
    room.leave()
    result = room.receipts.judge(sender.sent_at, gathering.clients, start + gathering.warmup)
    return Figures(
        sent=len(sender.sent_at),
        refused=sender.refused,
        deliveries=result.deliveries,
        lost=result.lost,
        twice=result.twice,
        disorder=result.disorder,
        p50=milliseconds(result.durations, 50),
        p95=milliseconds(result.durations, 95),
        p99=milliseconds(result.durations, 99),
        last_p50=milliseconds(result.last, 50),
        last_p99=milliseconds(result.last, 99),
        cpu_us=round(cpu / max(result.deliveries, 1) * 1_000_000, 1),
        socket_kb=round(socket_kb, 1),
    )


if __name__ == "__main__":
    apart.main(Gathering, hold)
