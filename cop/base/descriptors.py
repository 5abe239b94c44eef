"""File descriptors: how many connections a process can hold without running out of them."""

from __future__ import annotations

import resource
from typing import Final

RESERVE: Final = 128  # kept for databases, files and the server itself
LEAST: Final = 64


def at_most(wanted: int) -> int:
    """Return how many of `wanted` connections fit: pages and sockets have a half each of what is not reserved."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard == resource.RLIM_INFINITY:
        return wanted
    return min(wanted, max((hard - RESERVE) // 2, LEAST))
