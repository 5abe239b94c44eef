"""The workloads: what is done to a side, and the figures that result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass

from bench import apart, load
from bench.chat import Gathering
from bench.echo import Call
from bench.load import Load
from bench.serving import HOST
from bench.side import PAGES, Side
from bench.weight import weigh

Figures = dict[str, float]
SOCKETS_OF_ONE_PERSON = 10  # as many as a server may be expected to allow
PAGE_READERS = 4


@dataclass(frozen=True)
class Effort:
    """How long each measurement lasts, in seconds, and how often it is repeated."""

    seconds: float = 10
    warmup: float = 2
    chat_seconds: float = 60
    rounds: int = 3


@dataclass(frozen=True)
class Workload:
    """A measurement and its sides; `rounds` overrides the usual number, `needs` names workloads its bars refer to."""

    name: str
    measure: Callable[[Side, Effort], Figures]
    sides: tuple[str, ...] = ("ours", "yardstick")
    rounds: int = 0
    needs: tuple[str, ...] = ()
    usual: bool = True


def _load(side: Side, effort: Effort, *requests: bytes, **options: float) -> Load:
    return Load(
        host=HOST,
        port=side.server.port,
        pid=side.server.pid,
        requests=[request.decode() for request in requests],
        **{"seconds": effort.seconds, "warmup": effort.warmup, **options},  # type: ignore[arg-type]
    )


def _reading(page: str) -> Callable[[Side, Effort], Figures]:
    return lambda side, effort: _at_1_and_16(side, effort, side.get(page))


def _at_1_and_16(side: Side, effort: Effort, request: bytes, **options: float) -> Figures:
    figures: Figures = {}
    for connections in (1, 16):
        found = load.measure(_load(side, effort, request, connections=connections, **options))
        figures |= _numbers(found, f"@{connections}")
    return figures


def _numbers(figures: load.Figures, ending: str) -> Figures:
    numbers = {name: value for name, value in asdict(figures).items() if name != "statuses"}
    return {f"{name}{ending}": value for name, value in numbers.items()}


def _replying(side: Side, effort: Effort) -> Figures:
    before = side.count_replies()
    figures = _at_1_and_16(side, effort, side.reply(), expect=303)
    stored = side.count_replies() - before
    acknowledged = sum(figures[f"answered@{n}"] - figures[f"wrong@{n}"] for n in (1, 16))
    return figures | {"stored": stored, "acknowledged, not stored": acknowledged - stored}


def _depth(side: Side, effort: Effort) -> Figures:
    """Return the medians of the first and the deep page of the long thread, measured in turn."""
    found = {page: load.measure(_load(side, effort, side.get(page))) for page in ("first", "deep")}
    return {page: figures.p50 for page, figures in found.items()}


def _mixed(side: Side, effort: Effort) -> Figures:
    """Read all pages on four connections while one member posts five replies a second."""
    reads = _load(side, effort, *(side.get(page) for page in PAGES), connections=PAGE_READERS)
    reading = apart.begin("bench.load", reads)
    writing = load.measure(_load(side, effort, side.reply(), rate=5, expect=303))
    return _numbers(load.Figures(**apart.outcome(reading)), " reads") | _numbers(writing, " replies")


def _chatting(clients: int, *, pages: bool = False) -> Callable[[Side, Effort], Figures]:
    def measure(side: Side, effort: Effort) -> Figures:
        tokens = side.tokens(max(clients // SOCKETS_OF_ONE_PERSON, 1))
        gathering = Gathering(
            host=HOST,
            port=side.server.port,
            pid=side.server.pid,
            room=side.room,
            tokens=tokens,
            clients=clients,
            seconds=effort.chat_seconds,
            warmup=effort.warmup,
        )
        if not pages:
            return apart.run("bench.chat", gathering)
        # Pages are read from before the first until after the last message.
        seconds = effort.chat_seconds + 2 * effort.warmup + clients / 50
        reading = apart.begin(
            "bench.load",
            _load(side, effort, side.get("thread"), connections=PAGE_READERS, seconds=seconds),
        )
        chat = apart.run("bench.chat", gathering)
        return chat | _numbers(load.Figures(**apart.outcome(reading)), " pages")

    return measure


def _echo(side: Side, effort: Effort) -> Figures:
    return apart.run("bench.echo", Call(HOST, side.server.port, side.tokens(1)[0], effort.seconds))


def _weight(side: Side, effort: Effort) -> Figures:
    host = f"http://{side.server.host}"
    twenty, fifty, chat = (host + side.paths[page] for page in ("thread", "fifty", "chat"))
    return weigh(twenty, fifty, chat, side.cookie)


WORKLOADS = (
    Workload("home", _reading("home")),
    Workload("list", _reading("list")),
    Workload("thread", _reading("thread")),
    Workload("thread-cold", _reading("thread"), sides=("uncached", "yardstick")),
    Workload("deep", _reading("deep")),
    Workload("depth", _depth, sides=("uncached",), rounds=5),
    Workload("search", _reading("search")),
    Workload("search-common", _reading("common")),
    Workload("mixed", _mixed),
    Workload("reply", _replying),
    Workload("echo", _echo, sides=("yardstick",)),
    Workload("chat-100", _chatting(100), rounds=1),
    Workload("chat-100-pages", _chatting(100, pages=True), rounds=1, needs=("echo", "chat-100")),
    Workload("chat-200-pages", _chatting(200, pages=True), rounds=1),
    Workload("chat-500", _chatting(500), rounds=1, usual=False),
    Workload("chat-500-pages", _chatting(500, pages=True), rounds=1, usual=False),
    Workload("chat-1000", _chatting(1000), rounds=1, usual=False),
    Workload("chat-1000-pages", _chatting(1000, pages=True), rounds=1, usual=False),
    Workload("weight", _weight, sides=("ours",), rounds=1),
)
