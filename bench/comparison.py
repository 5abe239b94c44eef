"""Serves both sides, runs the workloads on them in turn, and prints one table."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import signal
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median
from typing import NoReturn

from bench import bare, growth, product, table
from bench.alone import ALONE
from bench.measures import WORKLOADS, Effort, Figures, Workload
from bench.probe import probe
from bench.side import Side

NAMES = (*ALONE, *(workload.name for workload in WORKLOADS))
SOCKETS = 300  # live connections the servers accept, equal on both sides


def arguments() -> argparse.Namespace:
    """Return the parsed command line."""
    usual = Effort()
    parser = argparse.ArgumentParser(prog="bench/run", description="Our figures beside the yardstick's.")
    parser.add_argument("--only", help=f"workloads, comma separated, of: {', '.join(NAMES)}")
    parser.add_argument("--seconds", type=float, default=usual.seconds, help="length of a measurement")
    parser.add_argument("--warmup", type=float, default=usual.warmup, help="seconds before it")
    parser.add_argument("--chat-seconds", type=float, default=usual.chat_seconds)
    parser.add_argument("--rounds", type=int, default=usual.rounds, help="repetitions; the median counts")
    parser.add_argument("--yardstick", action="store_true", help="measure the yardstick alone")
    parser.add_argument("--growth", action="store_true", help="only: what pages cost over more posts, files and people")
    parser.add_argument("--data", type=Path, help="folder that keeps the seeded data for a next run")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    return parser.parse_args()


def main() -> int:
    """Run the comparison; return 1 when a bar is exceeded or a response was not as expected."""
    heed_signals()
    options = arguments()
    if os.getloadavg()[0] > 1:
        print("Something else is at work on this machine; figures will be noisy.", file=sys.stderr)
    if options.growth:
        return run_growth(options)
    chosen = select(options.only)
    effort = Effort(options.seconds, options.warmup, options.chat_seconds, options.rounds)
    results: dict[str, dict[str, Figures]] = {}
    with contextlib.ExitStack() as stack:
        folder = options.data or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        folder.mkdir(parents=True, exist_ok=True)
        sides = Sides(folder, sockets_for(chosen), stack, alone=options.yardstick)
        print(table.line(table.HEADER))
        for name in chosen:
            if name in ALONE:
                results[name] = ALONE[name](folder, SOCKETS, with_product=not options.yardstick)
            else:
                workload = next(workload for workload in WORKLOADS if workload.name == name)
                results[name] = in_turn(workload, sides.of(workload), effort)
            print("\n".join(table.lines(name, results)), flush=True)
    if options.json:
        options.json.write_text(json.dumps({"machine": machine(), "results": results}, indent=1))
    return conclude(results)


def heed_signals() -> None:
    """Let a signal end the run as Ctrl-C does."""
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, _end)


def _end(number: int, _frame: object) -> NoReturn:
    """Leave as after Ctrl-C: what was started is stopped on the way out."""
    sys.exit(128 + number)


def run_growth(options: argparse.Namespace) -> int:
    """Measure how pages grow; return 1 when one costs more on a larger set than its bar allows."""
    with contextlib.ExitStack() as stack:
        folder = options.data or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        found = growth.measure(folder, rounds=options.rounds)
    print("\n".join([*growth.lines(found), f"{growth.over(found)} bars exceeded"]))
    if options.json:
        options.json.write_text(json.dumps({"machine": machine(), "results": found}, indent=1))
    return 1 if growth.over(found) else 0


def select(only: str | None) -> list[str]:
    """Return the chosen names in the order they run; those of ALONE come first, before anything is served."""
    if only is None:
        return [*ALONE, *(workload.name for workload in WORKLOADS if workload.usual)]
    names = set(only.split(","))
    if unknown := names - set(NAMES):
        sys.exit(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(NAMES)}")
    names |= {need for workload in WORKLOADS if workload.name in names for need in workload.needs}
    return [name for name in NAMES if name in names]


def sockets_for(names: Iterable[str]) -> int:
    """Return how many live connections to allow: the usual number, or what the largest chat needs."""
    return max([SOCKETS, *(int(name.split("-")[1]) + 100 for name in names if name.startswith("chat-"))])


class Sides:
    """The systems under measurement, each served when a workload first needs it."""

    def __init__(self, folder: Path, sockets: int, stack: contextlib.ExitStack, *, alone: bool) -> None:
        self.stack = stack
        self.serving: dict[str, Callable[[], Side]] = {"yardstick": lambda: bare.serve(folder, sockets)}
        if not alone:
            self.serving["ours"] = lambda: product.serve(folder, sockets)
            self.serving["uncached"] = lambda: product.serve(folder, sockets, "uncached", COP_BODY_CACHE="0")
        self.served: dict[str, Side] = {}

    def of(self, workload: Workload) -> list[Side]:
        """Return the sides a workload runs on."""
        return [self._serve(name) for name in workload.sides if name in self.serving]

    def _serve(self, name: str) -> Side:
        if name not in self.served:
            side = self.serving[name]()
            self.stack.callback(side.server.stop)
            probe(side)
            self.served[name] = side
        return self.served[name]


def in_turn(workload: Workload, sides: list[Side], effort: Effort) -> dict[str, Figures]:
    """Measure the sides A B A B, so that a noisy minute affects both; return the median of each figure."""
    found: dict[str, list[Figures]] = {side.name: [] for side in sides}
    for _ in range(workload.rounds or effort.rounds):
        for side in sides:
            found[side.name].append(workload.measure(side, effort))
    return {
        name: {figure: median(one[figure] for one in rounds) for figure in rounds[0]} for name, rounds in found.items()
    }


def machine() -> dict[str, object]:
    """Describe the machine, since absolute figures are valid on it only."""
    return {
        "processor": platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load": os.getloadavg(),
        "pinned": os.environ.get("BENCH_PIN") != "0",
    }


def conclude(results: dict[str, dict[str, Figures]]) -> int:
    """Print the exceeded bars and unexpected responses; return 1 when there are any."""
    wrong = [
        f"{workload} on {side}: {value:.0f} responses {figure}"
        for workload, by_side in results.items()
        for side, figures in by_side.items()
        for figure, value in figures.items()
        if figure.startswith("wrong") and value
    ]
    over = table.over(results)
    print("\n".join([*wrong, f"{over} bars exceeded"]))
    return 1 if over or wrong else 0
