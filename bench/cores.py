"""Keeps the measured server on one processor core and the load on the others.

A Python process whose threads move between cores keeps passing its interpreter lock between them, and in some seconds
serves a third of the requests of others; on one core figures repeat within a few percent. The same holds for both
sides. BENCH_PIN=0 leaves the placement to the kernel.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def server_core() -> Iterator[None]:
    """Start processes on the first core within this context."""
    with _on({min(_all())}):
        yield


@contextmanager
def load_cores() -> Iterator[None]:
    """Start processes off the server's core within this context."""
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
