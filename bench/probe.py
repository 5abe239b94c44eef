"""Looks at every page once before it is measured: a fast page that shows something else is no figure."""

from __future__ import annotations

import html
from collections.abc import Iterator
from itertools import islice

from bench.connection import Answer, Connection
from bench.serving import HOST
from bench.side import BEFORE_DEEP_PAGE, LONG_TOPIC, PAGES, READ_TOPIC, ROWS, Side
from bench.workload import RARE, Topic, topics


def probe(side: Side) -> None:
    """Raise unless every page of the side answers 200 and shows the rows it should."""
    shown = {page: _text(side, page) for page in PAGES}
    few = list(islice(topics(), READ_TOPIC))
    for page, openings in (
        ("thread", _openings(few[READ_TOPIC - 1], 0)),
        ("deep", _openings(few[LONG_TOPIC - 1], BEFORE_DEEP_PAGE)),
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
    answer = ask(side, side.get(page))
    if answer.status != 200:
        raise RuntimeError(f"{side.name}: {page} ({side.paths[page]}) answers {answer.status}")
    return html.unescape(answer.body.decode())


def ask(side: Side, request: bytes) -> Answer:
    """One request and its whole answer."""
    connection = Connection(HOST, side.server.port)
    connection.ask(request)
    while (answer := connection.read()) is None:
        pass
    connection.socket.close()
    return answer
