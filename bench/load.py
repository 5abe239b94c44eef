"""HTTP load: connections that each send the next request as soon as they have a response, or at a fixed rate.

As a program it reads a Load as JSON from standard input and prints Figures as JSON.
"""

from __future__ import annotations

import itertools
import selectors
import time
from collections import Counter
from dataclasses import dataclass, field

from bench import apart
from bench.connection import Connection, Response
from bench.cpu import cpu_seconds
from bench.percentile import milliseconds
from bench.requests import with_new_client_id


@dataclass(frozen=True)
class Load:
    """The requests to send in turn to the server with process `pid`; `rate` per second, 0 for as fast as possible."""

    host: str
    port: int
    pid: int
    requests: list[str]
    connections: int = 1
    seconds: float = 10
    warmup: float = 2
    rate: float = 0
    expect: int = 200


@dataclass(frozen=True)
class Figures:
    """The figures after the warm-up; `answered` and `wrong` count every response from first to last."""

    per_second: float
    p50: float
    p99: float
    cpu_ms: float
    body_bytes: int
    answered: int
    wrong: int
    statuses: dict[str, int]
    reopened: int


@dataclass
class Tally:
    """The responses received so far."""

    durations: list[float] = field(default_factory=list)
    body_bytes: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    reopened: int = 0

    def add(self, response: Response, duration: float, counts: bool) -> None:
        self.statuses[response.status] += 1
        if counts:
            self.durations.append(duration)
            self.body_bytes += len(response.body)


class Run:
    """One load from the first request to the last response."""

    def __init__(self, load: Load) -> None:
        self.load = load
        self.requests = itertools.cycle([text.encode() for text in load.requests])
        self.selector = selectors.DefaultSelector()
        self.idle = [Connection(load.host, load.port) for _ in range(load.connections)]
        self.sent_at: dict[Connection, float] = {}
        self.tally = Tally()
        self.due = time.perf_counter()
        self.counting_from = self.due + load.warmup

    def measure(self) -> Figures:
        """Warm up, measure, then wait for outstanding responses, so that stored rows can be counted."""
        self._send_until(self.counting_from)
        cpu, start = cpu_seconds(self.load.pid), time.perf_counter()
        self._send_until(start + self.load.seconds)
        elapsed, cpu = time.perf_counter() - start, cpu_seconds(self.load.pid) - cpu
        durations, body_bytes = list(self.tally.durations), self.tally.body_bytes
        while self.sent_at:
            self._read_responses(1)
        count, statuses = max(len(durations), 1), self.tally.statuses
        return Figures(
            per_second=round(len(durations) / elapsed, 1),
            p50=milliseconds(durations, 50),
            p99=milliseconds(durations, 99),
            cpu_ms=round(cpu / count * 1000, 3),
            body_bytes=body_bytes // count,
            answered=statuses.total(),
            wrong=statuses.total() - statuses[self.load.expect],
            statuses={str(status): count for status, count in statuses.items()},
            reopened=self.tally.reopened,
        )

    def _send_until(self, end: float) -> None:
        while (now := time.perf_counter()) < end:
            while self.idle and self.due <= now:
                self._send(self.idle.pop())
            next_turn = self.due if self.idle else end
            self._read_responses(max(min(next_turn, end) - now, 0))

    def _send(self, connection: Connection) -> None:
        if self.load.rate:
            self.due += 1 / self.load.rate
        request = with_new_client_id(next(self.requests))
        self.sent_at[connection] = time.perf_counter()
        connection.send(request)
        self.selector.register(connection, selectors.EVENT_READ, connection)

    def _read_responses(self, wait: float) -> None:
        for key, _ in self.selector.select(wait):
            self._read_response(key.data)

    def _read_response(self, connection: Connection) -> None:
        try:
            response = connection.read()
        except ConnectionResetError:
            self._resend(connection)
            return
        if response is None:
            return
        self.selector.unregister(connection)
        sent_at = self.sent_at.pop(connection)
        self.tally.add(response, time.perf_counter() - sent_at, sent_at >= self.counting_from)
        if connection.closing():
            self.tally.reopened += 1
            connection.reopen()
        self.idle.append(connection)

    def _resend(self, connection: Connection) -> None:
        # A server may close a connection while it is idle; then this request was never read.
        self.selector.unregister(connection)
        self.tally.reopened += 1
        connection.reopen()
        connection.send(connection.request)
        self.selector.register(connection, selectors.EVENT_READ, connection)


def measure(load: Load) -> Figures:
    """Run the load in a separate process."""
    return Figures(**apart.run("bench.load", load))


if __name__ == "__main__":
    apart.main(Load, lambda load: Run(load).measure())
