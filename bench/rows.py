"""The rows of the table and their bars."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

Results = Mapping[str, Mapping[str, Mapping[str, float]]]  # workload → side → figure


@dataclass(frozen=True)
class Bar:
    """A limit on our figure or on its ratio to the figure beside it."""

    limit: float
    of: str = "ratio"
    least: bool = False

    def __str__(self) -> str:
        return f"{'≥' if self.least else '≤'} {self.limit:g}{' ×' if self.of == 'ratio' else ''}"

    def held_by(self, value: float) -> bool:
        return value >= self.limit if self.least else value <= self.limit


@dataclass(frozen=True)
class Row:
    """A figure of a workload on our side; `beside` says which (side, workload, figure) it is compared with."""

    workload: str
    figure: str
    unit: str
    bar: Bar | None = None
    side: str = "ours"
    beside: tuple[str, str, str] | None = None

    def values(self, results: Results) -> tuple[float | None, float | None]:
        """Return our figure and the one beside it, None where not measured."""
        side, workload, figure = self.beside or ("yardstick", self.workload, self.figure)
        ours = results.get(self.workload, {}).get(self.side, {}).get(self.figure)
        return ours, results.get(workload, {}).get(side, {}).get(figure)

    def verdict(self, ours: float | None, beside: float | None) -> str:
        """Return "ok" or "over"; empty when there is no bar or no figure."""
        value = ratio(ours, beside) if self.bar and self.bar.of == "ratio" else ours
        if self.bar is None or value is None:
            return ""
        return "ok" if self.bar.held_by(value) else "over"


def ratio(ours: float | None, beside: float | None) -> float | None:
    """Return our figure divided by the one beside it, None where either is missing."""
    return ours / beside if ours is not None and beside else None


def _load(workload: str, *, side: str = "ours", speed: float = 0, tail: float = 0, latency: float = 0) -> Iterator[Row]:
    """Yield rows of a load at 1 and 16 connections, with bars on requests per second, p99 and p50 where given."""
    throughput_bar = Bar(speed, least=True) if speed else None
    yield Row(workload, "p50@1", "ms", Bar(latency) if latency else None, side)
    yield Row(workload, "per_second@1", "/s", throughput_bar, side)
    yield Row(workload, "per_second@16", "/s", throughput_bar, side)
    yield Row(workload, "p99@16", "ms", Bar(tail) if tail else None, side)
    yield Row(workload, "cpu_ms@16", "ms", None, side)
    yield Row(workload, "body_bytes@1", "B", None, side)


def _chat(clients: int) -> Iterator[Row]:
    yield from _deliveries(f"chat-{clients}")
    yield Row(f"chat-{clients}", "cpu_us", "µs")
    yield Row(f"chat-{clients}", "socket_kb", "kB", Bar(15, of="ours"))
    yield from _chat_beside_pages(clients)


def _chat_beside_pages(clients: int, *, slowest: float = 0) -> Iterator[Row]:
    """Yield rows of a chat while pages are read; `slowest` is the bar on its p99 in milliseconds."""
    yield from _deliveries(f"chat-{clients}-pages", slowest)
    yield Row(f"chat-{clients}-pages", "per_second pages", "/s")


def _deliveries(workload: str, slowest: float = 0) -> Iterator[Row]:
    for figure in ("p50", "p95", "p99", "last_p50", "last_p99"):
        yield Row(workload, figure, "ms", Bar(slowest, of="ours") if slowest and figure == "p99" else None)
    for figure in ("lost", "twice", "disorder", "refused"):
        yield Row(workload, figure, "", Bar(0, of="ours"))


ROWS = (
    *_load("home", speed=0.5, tail=2.5),
    *_load("list", speed=0.5, tail=2.5),
    *_load("thread", speed=1.2, tail=2.5),
    *_load("thread-cold", side="uncached", speed=0.8, tail=2.5),
    *_load("deep"),
    Row("depth", "deep", "ms", Bar(1.2), "uncached", ("uncached", "depth", "first")),
    *_load("search", speed=0.4, tail=2.5),
    *_load("search-common", speed=0.2, tail=2.5),
    Row("mixed", "per_second reads", "/s"),
    Row("mixed", "p50 reads", "ms"),
    Row("mixed", "p99 reads", "ms"),
    Row("mixed", "p50 replies", "ms"),
    Row("mixed", "p99 replies", "ms"),
    *_load("reply", latency=1.8, tail=2.5),
    Row("reply", "stored", "rows"),
    Row("reply", "acknowledged, not stored", "rows", Bar(0, of="ours")),
    Row("echo", "p50", "ms"),
    Row("echo", "p95", "ms"),
    *_chat(100),
    # Compared with one idle echo of the yardstick; then, for information, with its quiet room of the same size.
    Row("chat-100-pages", "p95", "ms", Bar(4), beside=("yardstick", "echo", "p95")),
    Row("chat-100-pages", "p95", "ms", beside=("yardstick", "chat-100", "p95")),
    *_chat_beside_pages(200, slowest=60),
    *_chat(500),
    *_chat(1000),
    Row("memory", "idle", "MB", Bar(105, of="ours")),
    Row("start", "seconds", "s", Bar(3, of="ours")),
    Row("weight", "page of 20", "kB", Bar(8, of="ours")),
    Row("weight", "page of 50", "kB", Bar(15, of="ours")),
    Row("weight", "css", "kB", Bar(20, of="ours")),
    Row("weight", "js", "kB", Bar(55, of="ours")),
    Row("weight", "js of a chat", "kB", Bar(55, of="ours")),
    Row("weight", "first visit", "kB", Bar(90, of="ours")),
    Row("weight", "first visit requests", "", Bar(16, of="ours")),
    Row("weight", "repeat visit", "kB", Bar(7, of="ours")),
    Row("weight", "repeat visit static", "", Bar(0, of="ours")),
    Row("clone", "seconds", "s", Bar(60, of="ours")),
)
