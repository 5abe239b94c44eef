"""The wire beside Node's Socket.IO server: processor time per delivery, and memory per idle socket.

Usage: python -m bench.wire [--clients 500] [--idle 2000,5000]; it needs Node 20 or newer, with npm.
A message costs more than its deliveries (our server stores it), so the same number of messages is sent to an empty room
first, and the difference counts.
"""

from __future__ import annotations

import argparse
import json
import selectors
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from bench.apart import ROOT
from bench.cpu import cpu_seconds
from bench.memory import pss
from bench.sender import TEXT
from bench.serving import HOST, free_port
from bench.serving import start as start_server
from bench.site import Site
from bench.socketio_client import Client

NODE = ROOT / "bench" / "node"
PEOPLE = 510  # each has at most ten sockets
MOST_PER_DELIVERY = 1.0  # × Node
MOST_PER_SOCKET = 15.0  # kB


@dataclass(frozen=True)
class Side:
    """A served room: whom to count, where to send a message, and the tokens of its members."""

    name: str
    pid: int
    port: int
    path: str
    place: str
    tokens: list[str]


def _say(side: Side, line: HTTPConnection, n: int) -> None:
    headers = {"Authorization": f"Bearer {side.tokens[n % len(side.tokens)]}", "Content-Type": "application/json"}
    line.request("POST", side.path, json.dumps({"body": TEXT}), headers)
    answer = line.getresponse()
    answer.read()
    assert answer.status == 201, answer.status


def _open(side: Side, count: int) -> list[Client]:
    """Return this many clients; those that are open answer pings while others come."""
    clients: list[Client] = []
    selector = selectors.DefaultSelector()
    for n in range(count):
        clients.append(Client(HOST, side.port, side.tokens[n % len(side.tokens)]))
        selector.register(clients[-1], selectors.EVENT_READ, clients[-1])
        if n % 50 == 0:
            _attend(selector, 0)
    return clients


def _attend(selector: selectors.BaseSelector, seconds: float) -> None:
    """Read what comes, and answer pings, for this long."""
    end = time.monotonic() + seconds
    while (ready := selector.select(0.05)) or time.monotonic() < end:
        for key, _events in ready:
            list(key.data.packets(key.data.receive()))


def _deliver(side: Side, clients: list[Client], messages: int) -> float:
    """Return the processor seconds of the server while it delivers messages, each to all before the next is sent."""
    selector = selectors.DefaultSelector()
    for client in clients:
        selector.register(client, selectors.EVENT_READ, client)
    line, cpu = HTTPConnection(HOST, side.port, timeout=60), cpu_seconds(side.pid)
    for n in range(messages):
        _say(side, line, n)
        waiting, end = len(clients), time.monotonic() + 60
        while waiting > 0 and time.monotonic() < end:
            for key, _events in selector.select(1):
                waiting -= key.data.receive().count(b'["told",')
        assert waiting == 0, f"{waiting} deliveries are missing"
    line.close()
    return cpu_seconds(side.pid) - cpu


def per_delivery(side: Side, count: int, messages: int = 60) -> float:
    """Return the microseconds of processor time per delivery to this many clients, the best of three rounds."""
    _deliver(side, [], 20)
    alone = min(_deliver(side, [], messages) for _n in range(3))
    clients = _open(side, count)
    for client in clients:
        client.join(side.place)
    together = min(_deliver(side, clients, messages) for _n in range(3))
    for client in clients:
        client.close()
    return (together - alone) / (messages * count) * 1e6


def per_socket(side: Side, count: int) -> tuple[float, float]:
    """Return the kB per idle socket, and the seconds in which one message reaches all of them."""
    warm = _open(side, 20)
    time.sleep(1)
    before = pss(side.pid)
    clients = _open(side, count)
    selector = selectors.DefaultSelector()
    for client in clients:
        selector.register(client, selectors.EVENT_READ, client)
    _attend(selector, 2)
    used = (pss(side.pid) - before) / count / 1000
    for n, client in enumerate(clients):
        client.join(side.place)
        if n % 50 == 0:
            _attend(selector, 0)
    _attend(selector, 1)
    line, began = HTTPConnection(HOST, side.port, timeout=60), time.monotonic()
    _say(side, line, 0)
    waiting = count
    while waiting > 0 and time.monotonic() < began + 60:
        for key, _events in selector.select(1):
            waiting -= key.data.receive().count(b'["told",')
    reached = time.monotonic() - began
    assert waiting == 0, f"{waiting} of {count} did not get it"
    for client in [*warm, *clients]:
        client.close()
    return used, reached


def _node(folder: Path, tokens: list[str]) -> tuple[Side, Callable[[], None]]:
    if not (NODE / "node_modules").exists():
        subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=NODE, check=True)
    port = free_port()
    server = start_server(["node", str(NODE / "server.js"), str(port)], port, {}, folder / "node.log")
    return Side("node", server.pid, port, "/", "room:1", tokens), server.stop


def _ours(site: Site, tokens: list[str], room: int) -> Side:
    site.start()
    assert site.process
    return Side("ours", site.process.pid, site.port, f"/api/v1/rooms/{room}/messages", f"room:{room}", tokens)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", default="500", help="in the room, as a list")
    parser.add_argument("--idle", default="2000,5000", help="idle sockets, as a list")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-wire-") as name:
        folder = Path(name)
        site = Site(folder, COP_WORKER="apart")
        tokens, room = site.gather(PEOPLE)
        ours = _ours(site, tokens, room)
        try:
            node, stop = _node(folder, tokens)
            try:
                for count in map(int, chosen.clients.split(",")):
                    mine, theirs = per_delivery(ours, count), per_delivery(node, count)
                    good = mine <= theirs * MOST_PER_DELIVERY
                    print(
                        f"{count} clients: {mine:.1f} µs of CPU per delivery, node {theirs:.1f}, ratio"
                        f" {mine / theirs:.2f} (bar {MOST_PER_DELIVERY:.2f}) {'ok' if good else 'over'}",
                        flush=True,
                    )
            finally:
                stop()
            for count in map(int, filter(None, chosen.idle.split(","))):
                used, reached = per_socket(ours, count)
                print(
                    f"{count} idle: {used:.1f} kB per socket (bar {MOST_PER_SOCKET:.0f})"
                    f" {'ok' if used <= MOST_PER_SOCKET else 'over'}, a message reaches all in {reached * 1000:.0f} ms",
                    flush=True,
                )
        finally:
            site.stop()


if __name__ == "__main__":
    main()
