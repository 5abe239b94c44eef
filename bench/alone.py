"""Measurements that need the machine to themselves: memory pages shared with another server would lower the figures."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from urllib.request import urlopen

from bench import bare, product
from bench.apart import ROOT
from bench.clone import seconds_to_first_page
from bench.memory import pss
from bench.serving import Server, free_port

SETTLED = 30  # seconds after the first page
STARTS = 5

Figures = dict[str, dict[str, float]]


def memory(folder: Path, sockets: int, *, with_product: bool) -> Figures:
    """Return the memory in MB of all processes, idle after one page.

    The product runs with its demo, the yardstick with its rows.
    """
    side = bare.serve(folder, sockets)
    figures = {"yardstick": {"idle": _idle(side.server, "/healthz")}}
    if with_product:
        figures["ours"] = {"idle": _idle(_demo(folder)(), "/sign-in")}
    return figures


def start(folder: Path, sockets: int, *, with_product: bool) -> Figures:
    """Return the seconds from the command to the first page, with the demo's data already there; the median counts."""
    if not with_product:
        return {}
    serve = _demo(folder)
    serve().stop()  # the first start brings its files into the memory of the system
    return {"ours": {"seconds": round(median(_seconds_to_start(serve) for _ in range(STARTS)), 2)}}


def _seconds_to_start(serve: Callable[[], Server]) -> float:
    begun = time.perf_counter()
    server = serve()
    try:
        with urlopen(f"http://{server.host}/sign-in", timeout=30):
            return time.perf_counter() - begun
    finally:
        server.stop()


def _demo(folder: Path) -> Callable[[], Server]:
    """Fill the demo unless that was done; return a function that serves it with only the packages the product needs."""
    port = free_port()
    demo = folder / "demo"
    demo.mkdir(exist_ok=True)
    installed = product.installation(demo, port, COP_MODE="demo", COP_DATABASE_URL="")
    if not (demo / "product" / "cop.sqlite3").exists():
        installed.cop("migrate")
        installed.cop("seed", "demo")
    subprocess.run([ROOT / "bin" / "setup", "requirements.lock", ".venv"], check=True)
    return lambda: installed.run(port, [str(ROOT / ".venv" / "bin" / "cop")])


def _idle(server: Server, page: str) -> float:
    """Return the memory in MB after one page and a pause; stop the server."""
    try:
        with urlopen(f"http://{server.host}{page}", timeout=30):
            time.sleep(SETTLED)
        return round(pss(server.pid) / 1_000_000, 1)
    finally:
        server.stop()


def clone(folder: Path, sockets: int, *, with_product: bool) -> Figures:
    """Return the seconds from a fresh clone to the first page."""
    return {"ours": {"seconds": round(seconds_to_first_page(), 1)}} if with_product else {}


ALONE: dict[str, Callable[..., Figures]] = {"clone": clone, "memory": memory, "start": start}
