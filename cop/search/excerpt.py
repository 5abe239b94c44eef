"""The excerpt of a text around the best hits of a query, with the words that were found told apart."""

import re
from collections import defaultdict
from collections.abc import Iterator

from cop.search.analyse import UNIT, clean, look
from cop.search.query import Column, Query, Run

WIDTH = 200  # characters, the dots where it was cut not counted


def mark(plain: str, query: Query, *, prefix: bool = False) -> list[tuple[str, bool]]:
    """Some 200 characters of `plain` around the best hits, in segments; True where a segment was found.

    The best place has the most different terms, then the most hits, then comes first. `prefix` as in `to_fts5`.
    """
    text = " ".join(clean(plain).split())
    written = list(UNIT.finditer(text))
    hits = _hits(written, query, prefix)
    begin, end = _window(text, *_best(written, hits))
    segments = [("… ", False)] if begin else []
    at = begin
    for index in sorted(hits):
        if begin <= written[index].start() and written[index].end() <= end:
            segments += [(text[at : written[index].start()], False), (written[index][0], True)]
            at = written[index].end()
    segments += [(text[at:end], False), (" …" if end < len(text) else "", False)]
    return [(segment, found) for segment, found in segments if segment]


def _hits(written: list[re.Match[str]], query: Query, prefix: bool) -> dict[int, set[int]]:
    """Which of the written words are hits, each with the numbers of the terms that it is a hit of."""
    columns = _columns(written)
    hits: dict[int, set[int]] = defaultdict(set)
    for number, term in enumerate(query.wanted):
        for run in term.runs:
            for index in columns[run.column].owners(run.tokens, prefix and term.open_ended(run)):
                hits[index].add(number)
    return hits


class _Tokens:
    """The tokens of one column in order, each with the index of the written word it comes from."""

    def __init__(self) -> None:
        self.tokens: list[str] = []
        self.owners: list[int] = []
