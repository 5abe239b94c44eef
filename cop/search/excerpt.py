"""The excerpt of a text around the best hits of a query, with the words that were found told apart."""

import re
from collections import defaultdict
from collections.abc import Iterator

from cop.search.analyse import UNIT, clean, look
from cop.search.query import Column, Query

WIDTH = 200  # characters, the dots where it was cut not counted


def mark(plain: str, query: Query, *, prefix: bool = False) -> list[tuple[str, bool]]:
    """Some 200 characters of `plain` around the best hits, in segments; True where a segment was found.

    The best place has the most different terms, then the most hits, then is the first; `prefix` as in
    `to_fts5`.
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
    tokens, owners = _columns(written)
    hits: dict[int, set[int]] = defaultdict(set)
    for number, term in enumerate(query.wanted):
        for run in term.runs:
            size = len(run.tokens)
            for at in _places(tokens[run.column], run.tokens, prefix and term.open_ended(run)):
                for index in owners[run.column][at : at + size]:
                    hits[index].add(number)
    return hits


def _columns(written: list[re.Match[str]]) -> tuple[dict[Column, list[str]], dict[Column, list[int]]]:
    """The tokens of each column in the order of the index, and for each token the number of its word."""
    tokens: dict[Column, list[str]] = {column: [] for column in Column}
    owners: dict[Column, list[int]] = {column: [] for column in Column}

    def put(column: Column, found: tuple[str, ...], index: int) -> None:
        tokens[column] += found
        owners[column] += [index] * len(found)

    units = [look(word[0]) for word in written]
    for index, unit in enumerate(units):
        put(Column.EXACT, unit.exact, index)
        put(Column.STEMS, unit.stems, index)
        put(Column.PARTS, unit.parts, index)
    for index, unit in enumerate(units):
        if unit.joined:
            put(Column.EXACT, unit.joined, index)
            put(Column.STEMS, unit.joined_stem, index)
    return tokens, owners


def _places(tokens: list[str], run: tuple[str, ...], beginning: bool) -> Iterator[int]:
    """Where in the tokens the run begins; its last token may be only the beginning of one."""
    *before, last = run
    if not beginning and last not in tokens:
        return
    for at, token in enumerate(tokens):
        if token == last or (beginning and token.startswith(last)):
            start = at - len(before)
            if start >= 0 and tokens[start:at] == before:
                yield start


def _best(written: list[re.Match[str]], hits: dict[int, set[int]]) -> tuple[int, int]:
    """Begin and end of the stretch of text, no wider than an excerpt, that is richest in hits."""
    places = sorted(hits)
    best, richest = (0, 0), (0, 0)
    for first, place in enumerate(places):
        begin = written[place].start()
        terms: set[int] = set()
        for count, other in enumerate(places[first:], start=1):
            if written[other].end() - begin > WIDTH and count > 1:
                break
            terms |= hits[other]
            if (len(terms), count) > richest:
                richest, best = (len(terms), count), (begin, written[other].end())
    return best


def _window(text: str, begin: int, end: int) -> tuple[int, int]:
    """The stretch widened on both sides to the width of an excerpt, cut between words."""
    left = max(0, min(begin - (WIDTH - (end - begin)) // 2, len(text) - WIDTH))
    left = min(left, begin)
    right = max(end, min(left + WIDTH, len(text)))
    if left:
        left = text.find(" ", left, begin) + 1 or begin
    if right < len(text):
        right = max(text.rfind(" ", end, right + 1), end)
    return left, right
