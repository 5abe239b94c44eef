"""The idle echo: one client, one event to the server and back, with a pause between.

As a program it reads a Call as JSON from standard input and prints Figures as JSON.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from bench import apart
from bench.percentile import milliseconds
from bench.sender import TEXT
from bench.socketio_client import Client

PAUSE = 0.05


@dataclass(frozen=True)
class Call:
    """The server to call, and for how long."""

    host: str
    port: int
    token: str
    seconds: float = 10
    warmup: float = 1


@dataclass(frozen=True)
class Figures:
    """Round trips in milliseconds."""

    echoes: int
    p50: float
    p95: float
    p99: float


def hold(call: Call) -> Figures:
    """Send an event and wait for its echo, one at a time."""
    client = Client(call.host, call.port, call.token)
    counting_from = time.perf_counter() + call.warmup
    durations = []
    while (sent_at := time.perf_counter()) < counting_from + call.seconds:
        client.emit("echo", TEXT)
        client.await_event("echo")
        if sent_at >= counting_from:
            durations.append(time.perf_counter() - sent_at)
        time.sleep(PAUSE)
    client.close()
    p50, p95, p99 = (milliseconds(durations, percent) for percent in (50, 95, 99))
    return Figures(len(durations), p50, p95, p99)


if __name__ == "__main__":
    apart.main(Call, hold)
