"""Measures the pages of one filled set, in a process of its own: the processor time of the application per page.

The application is called directly, without a server and a connection, so that nothing but its own work is counted.
"""

from __future__ import annotations

import gc
import json
import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any
from uuid import uuid4

from werkzeug.test import EnvironBuilder, run_wsgi_app

from bench import apart
from bench.growth_data import CAUGHT_UP, COACH, READER
from bench.requests import REPLY

WARMUP, REPEATS = 4, 25
TURNED = 50  # pages of the list that are turned to reach the deep one
RARE, COMMON = "warmtekluis", "woning"


@dataclass(frozen=True)
class Plan:
    """The settings of the installation to measure."""

    settings: Mapping[str, str]


@dataclass(frozen=True)
class Figures:
    """The processor time of each page in milliseconds, the median of some requests."""

    cpu_ms: Mapping[str, float]


def measure(plan: Plan) -> Figures:
    """Return the figures of every page; raise RuntimeError when one is not answered with 200."""
    os.environ.update(plan.settings)
    from cop import create_app
    from cop.base.web import rate_limits

    rate_limits.READS = rate_limits.WRITES = 10**9
    app = create_app()
    readers = {person: _Reader(app, plan.settings["COP_BASE_URL"], person) for person in (CAUGHT_UP, READER, COACH)}
    found = {name: readers[person].cpu_ms(path) for name, person, path in _pages(readers[READER])}
    return Figures(found | {name: readers[READER].cpu_ms(path, text) for name, path, text in _texts(readers[READER])})


def _pages(reader: _Reader) -> Iterator[tuple[str, int, str]]:
    """Yield the name of each page, its reader and its path; the paths are found by reading as JSON."""
    community = reader.json("/api/v1/communities")["items"][0]["slug"]
    here = f"/communities/{community}"
    threads = f"/api/v1{here}/threads"
    after = ""
    for _ in range(TURNED):
        found = reader.json(f"{threads}?limit=20{after}")
        if found["next"]:
            after = f"&{found['next'].rpartition('&')[2]}"
    thread = found["items"][0]["id"]
    yield "home", READER, "/"
    yield "home, all read", CAUGHT_UP, "/"
    yield "community", READER, here
    yield "list", READER, f"{here}/threads"
    yield f"list, page {TURNED}", READER, f"{here}/threads?limit=20{after}"
    for show in ("unanswered", "mine", "following"):
        yield f"list, {show}", READER, f"{here}/threads?show={show}"
    yield "list, questions", READER, f"{here}/threads?kind=question"
    yield "list, newest", READER, f"{here}/threads?sort=newest"
    yield "documents", READER, f"{here}/documents"
    yield "documents, recent", READER, f"{here}/documents?sort=recent"
    yield "members", READER, f"{here}/members"
    yield "notices", READER, "/notices"
    yield "thread", READER, f"/threads/{thread}"
    yield "names to mention", READER, f"/api/v1{here}/names?q=Lid"
    yield "room", READER, _room(reader)
    directory = "/programmes/bench/directory"
    for part in ("", "/organisations", "/experts"):
        yield f"directory{part}", READER, f"{directory}{part}"
    yield "coach's desk", COACH, "/coach"
    yield "search, rare", READER, f"/search?q={RARE}"
    yield "search, common", READER, f"/search?q={COMMON}"


def _texts(reader: _Reader) -> Iterator[tuple[str, str, str]]:
    """Yield the name of each text that is posted, where, and the text."""
    community = reader.json("/api/v1/communities")["items"][0]["slug"]
    thread = reader.json(f"/api/v1/communities/{community}/threads?limit=1")["items"][0]["id"]
    yield "reply", f"/threads/{thread}/posts", REPLY
    yield "reply with a mention", f"/threads/{thread}/posts", f"@Lid 003 {REPLY}"
    yield "chat message", f"{_room(reader)}/messages", REPLY


def _room(reader: _Reader) -> str:
    community = reader.json("/api/v1/communities")["items"][0]["slug"]
    return f"/rooms/{reader.json(f'/api/v1/communities/{community}/rooms')['items'][0]['id']}"


class _Reader:
    """A person who is signed in."""

    def __init__(self, app: Any, base: str, person: int) -> None:
        from cop.base.action import transaction
        from cop.base.db import db
        from cop.people.sessions import cookie_name
        from cop.society.credentials import new_session
        from cop.society.people import Person

        self.app, self.base = app, base
        with app.test_request_context(base_url=base), transaction():
            secret = new_session(db.session.get_one(Person, person))
            self.headers = {"Cookie": f"{cookie_name()}={secret}", "Sec-Fetch-Site": "same-origin"}

    def json(self, path: str) -> Any:
        """Return the JSON at a path."""
        return json.loads(self._answer(self._asked(path, "application/json")))

    def cpu_ms(self, path: str, text: str = "") -> float:
        """Return the processor time in milliseconds of a page, or of posting a text there."""
        taken = []
        for number in range(WARMUP + REPEATS):
            gc.collect()
            gc.disable()
            asked = self._posted(path, text) if text else self._asked(path, "text/html")
            start = time.process_time_ns()
            self._answer(asked, "303" if text else "200")
            if number >= WARMUP:
                taken.append((time.process_time_ns() - start) / 1e6)
            gc.enable()
        return round(median(taken), 3)

    def _asked(self, path: str, accept: str) -> EnvironBuilder:
        return EnvironBuilder(path, self.base, headers={**self.headers, "Accept": accept})

    def _posted(self, path: str, text: str) -> EnvironBuilder:
        form = {"body": text, "format": "markdown", "client_id": str(uuid4())}
        return EnvironBuilder(path, self.base, method="POST", headers=self.headers, data=form)

    def _answer(self, asked: EnvironBuilder, expected: str = "200") -> bytes:
        body, status, _headers = run_wsgi_app(self.app.wsgi_app, asked.get_environ(), buffered=True)
        if not status.startswith(expected):
            raise RuntimeError(f"{asked.path} was answered with {status}")
        return b"".join(body)


if __name__ == "__main__":
    apart.main(Plan, measure)
