"""Checks every page once before it is measured: a fast page that shows something else is worthless."""

from __future__ import annotations

import html
from collections.abc import Iterator
from itertools import islice

from bench.connection import Connection, Response
from bench.serving import HOST
from bench.side import BEFORE_DEEP_PAGE, LONG_TOPIC, PAGES, READ_TOPIC, ROWS, Side
from bench.workload import RARE, Topic, topics


def probe(side: Side) -> None:
    """Raise RuntimeError unless every page of the side responds with 200 and shows the expected rows."""
    shown = {page: _text(side, page) for page in PAGES}
    first_topics = list(islice(topics(), READ_TOPIC))
    for page, openings in (
        ("thread", _openings(first_topics[READ_TOPIC - 1], 0)),
        ("deep", _openings(first_topics[LONG_TOPIC - 1], BEFORE_DEEP_PAGE)),
    ):
        missing = [opening for opening in openings if opening not in shown[page]]
        if missing:
            raise RuntimeError(f"{side.name}: {page} lacks {len(missing)} of {ROWS} posts")
    found = shown["search"].lower().count(RARE)
    if found < ROWS:
        raise RuntimeError(f"{side.name}: search shows the word {found} times, expected {ROWS} at least")


def _openings(topic: Topic, before: int) -> Iterator[str]:
    return (post.opening for post in topic.posts[before : before + ROWS])


def _text(side: Side, page: str) -> str:
    response = fetch(side, side.get(page))
    if response.status != 200:
        raise RuntimeError(f"{side.name}: {page} ({side.paths[page]}) responds with {response.status}")
    return html.unescape(response.body.decode())


def fetch(side: Side, request: bytes) -> Response:
    """Send one request and return its complete response."""
    connection = Connection(HOST, side.server.port)
    connection.send(request)
    while (response := connection.read()) is None:
        pass
    connection.socket.close()
    return response
