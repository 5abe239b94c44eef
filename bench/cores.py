"""Keeps the measured server on one processor core and the load on the others.

A Python process whose threads wander between cores hands its lock back and forth and serves up to three times
fewer requests in some seconds than in others; on one core figures repeat within a few percent. The same holds
for every side. BENCH_PIN=0 leaves the placing to the kernel.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def server_core() -> Iterator[None]:
    """A process started in here stays on the first core."""
    with _on({min(_all())}):
        yield


@contextmanager
def load_cores() -> Iterator[None]:
    """A process started in here stays off the server's core."""
    with _on(_all() - {min(_all())}):
        yield


def _all() -> set[int]:
    return os.sched_getaffinity(0)


@contextmanager
def _on(cores: set[int]) -> Iterator[None]:
    before = _all()
    if len(before) < 2 or os.environ.get("BENCH_PIN") == "0":
        yield
        return
    os.sched_setaffinity(0, cores)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
