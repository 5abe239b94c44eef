"""How fast one may ask: a window per credential in the memory of the process, told in the answer's headers."""

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
KEYS = 20_000  # windows kept at most


@dataclass
class Window:
    """How often somebody asked since `begun` (monotonic seconds)."""

    begun: float
    count: int = 0


_windows: dict[str, Window] = {}
_lock = Lock()


def key(credential: str | None, writes: bool) -> str:
    """Whose window it is: of a token or cookie, so that forty people behind one address do not share; else the address's."""
    who = hashlib.sha256(credential.encode()).hexdigest() if credential else f"@{request.remote_addr}"
    return f"{'w' if writes else 'r'}{who}"


def count(name: str, limit: int) -> Window:
    """Counts one request in the window `name`; refuses past `limit`."""
    now = time.monotonic()
    with _lock:
        window = _windows.get(name)
        if window is None or now - window.begun >= WINDOW:
            if len(_windows) >= KEYS:
                _windows.clear()
            window = _windows[name] = Window(now)
        window.count += 1
        left = WINDOW - int(now - window.begun)
        g.pace = (limit, max(0, limit - window.count), left)
        if window.count > limit:
            raise TooMany(_("U stuurt te veel verzoeken achter elkaar. Wacht even."), retry_after=left)
    return window


def add_headers(response: Response) -> None:
    """Says in the headers what is left."""
    if "pace" in g:
        limit, left, seconds = g.pace
        response.headers["RateLimit-Limit"] = str(limit)
        response.headers["RateLimit-Remaining"] = str(left)
        response.headers["RateLimit-Reset"] = str(seconds)


def reset() -> None:
    """Empties the windows, for tests."""
    with _lock:
        _windows.clear()
