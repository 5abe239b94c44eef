"""Processor time of a process and all its descendants."""

from __future__ import annotations

import psutil

from bench.memory import tree


def cpu_seconds(pid: int) -> float:
    """Return the user and system seconds used so far by the tree, including ended descendants."""
    used = 0.0
    for process in tree(pid):
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:  # it ended since the tree was listed; its parent reports it
            continue
        used += times.user + times.system + times.children_user + times.children_system
    return used
