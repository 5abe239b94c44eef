"""Rate limits per request: a window per credential in the memory of the process, reported in the response headers.

Limits on how often something may be tried, counted in the database for all processes, are in `cop/base/attempts.py`.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from threading import Lock

from flask import Response, g, request

from cop.base.errors import TooMany
from cop.base.words import _

WINDOW = 60  # seconds
READS, WRITES = 1200, 300  # per window
ANONYMOUS = 1500  # per window and address: a hall of 200 behind one address signs in within two minutes
KEYS = 20_000  # windows at most


@dataclass
class Window:
    """The number of requests since `begun` (monotonic seconds)."""

    begun: float
    count: int = 0


_windows: dict[str, Window] = {}
_lock = Lock()


def key(credential: str | None, writes: bool) -> str:
    """Return the window's name: by token or cookie, so that people behind one IP address do not share; else by address."""
    owner = hashlib.sha256(credential.encode()).hexdigest() if credential else f"@{request.remote_addr}"
    return f"{'w' if writes else 'r'}{owner}"


def count(name: str, limit: int) -> Window:
    """Count a request in the window `name`; raise TooMany past `limit`."""
    now = time.monotonic()
    with _lock:
        window = _windows.get(name)
        if window is None or now - window.begun >= WINDOW:
            if len(_windows) >= KEYS:
                _windows.clear()
            window = _windows[name] = Window(now)
        window.count += 1
        left = WINDOW - int(now - window.begun)
        g.rate_limit = (limit, max(0, limit - window.count), left)
        if window.count > limit:
            raise TooMany(_("U stuurt te veel verzoeken achter elkaar. Wacht even."), retry_after=left)
    return window


def add_headers(response: Response) -> None:
    """Add the RateLimit headers."""
    if "rate_limit" in g:
        limit, left, seconds = g.rate_limit
        response.headers["RateLimit-Limit"] = str(limit)
        response.headers["RateLimit-Remaining"] = str(left)
        response.headers["RateLimit-Reset"] = str(seconds)


def reset() -> None:
    """Clear all windows, for tests."""
    with _lock:
        _windows.clear()
