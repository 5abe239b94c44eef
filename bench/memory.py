"""Memory of a process and all its descendants, counting shared pages once (proportional set size)."""

from __future__ import annotations

import re
from pathlib import Path

import psutil


def tree(pid: int) -> list[psutil.Process]:
    """Return the process and its living descendants."""
    root = psutil.Process(pid)
    return [root, *root.children(recursive=True)]


def pss(pid: int) -> int:
    """Return the bytes in use by the whole tree, with shared pages divided among their users by the kernel."""
    return sum(_pss_of_one(process.pid) for process in tree(pid))


def _pss_of_one(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except (FileNotFoundError, ProcessLookupError):  # it ended since the tree was listed
        return 0
    found = re.search(r"^Pss:\s+(\d+) kB", text, re.MULTILINE)
    return int(found[1]) * 1024 if found else 0
