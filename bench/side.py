"""One of the systems under measurement, as the workloads see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bench.requests import CLIENT_ID, REPLY, get, post_form
from bench.serving import Server

READER = "lid091"
PAGES = ("home", "list", "thread", "deep", "search")
ROWS = 20

# Topics of the data set that workloads use, counted from 1, and the post before the deep page.
LONG_TOPIC, READ_TOPIC, REPLY_TOPIC = 1, 3, 4
BEFORE_DEEP_PAGE = 199 * ROWS


@dataclass(frozen=True)
class Side:
    """A served, seeded system: its paths, the reader's cookie, and tokens of the people in its room."""

    name: str
    server: Server
    cookie: str
    paths: dict[str, str]
    room: int
    tokens: Callable[[int], list[str]]
    count_replies: Callable[[], int]

    def get(self, page: str) -> bytes:
        """Return the request for a page, as the reader."""
        return get(self.server.host, self.paths[page], {"Cookie": self.cookie, "Accept": "text/html"})

    def reply(self) -> bytes:
        """Return the request that stores a reply, as the reader."""
        fields = {"body": REPLY, "format": "markdown", "client_id": CLIENT_ID}
        return post_form(self.server.host, self.paths["reply"], {"Cookie": self.cookie}, fields)
