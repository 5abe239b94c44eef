"""Excerpts of a text around the best hits of a query, with the hits marked."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator

from cop.search.analyse import WRITTEN_WORD, WordTokens, clean, tokens_of
from cop.search.query import Column, Query, Run

WIDTH = 200  # characters, without the dots at the ends

# The tokens a written word contributes to a column: its own, and those without the hyphens.
JOINED: dict[Column, Callable[[WordTokens], tuple[str, ...]]] = {
    Column.EXACT: lambda tokens: tokens.joined,
    Column.STEMS: lambda tokens: tokens.joined_stem,
    Column.PARTS: lambda tokens: (),
}
TOKENS: dict[Column, Callable[[WordTokens], tuple[str, ...]]] = {
    Column.EXACT: lambda tokens: tokens.exact + tokens.joined,
    Column.STEMS: lambda tokens: tokens.stems + tokens.joined_stem,
    Column.PARTS: lambda tokens: tokens.parts,
}


def mark(plain: str, query: Query, *, prefix: bool = False) -> list[tuple[str, bool]]:
    """Return about 200 characters of `plain` around the best hits, as (segment, is_hit) pairs.

    The best place has the most different terms, then the most hits, then comes first; `prefix` as in `to_fts5`.
    """
    text = " ".join(clean(plain).split())
    written = list(WRITTEN_WORD.finditer(text))
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
    """Return index of a written word → numbers of the terms it is a hit of."""
    words = [tokens_of(word[0]) for word in written]
    hits: dict[int, set[int]] = defaultdict(set)
    for number, term in enumerate(query.wanted):
        for run in term.runs:
            for index in _occurrences(words, run, prefix and term.open_ended(run)):
                hits[index].add(number)
    return hits


def _occurrences(words: list[WordTokens], run: Run, beginning: bool) -> Iterator[int]:
    """Yield the indexes of the words where the run occurs; with `beginning` its last token may be a prefix."""
    *before, last = run.tokens
    of = TOKENS[run.column]
    if before:
        if any(before[0] in of(tokens) for tokens in words):  # usually not: then the column need not be built
            yield from _phrase_occurrences(words, run, beginning)
    elif beginning:
        yield from (index for index, tokens in enumerate(words) if any(token.startswith(last) for token in of(tokens)))
    else:
        yield from (index for index, tokens in enumerate(words) if last in of(tokens))


def _phrase_occurrences(words: list[WordTokens], run: Run, beginning: bool) -> Iterator[int]:
    """Yield the same for several adjacent tokens, in index order: joined words come after the last."""
    plain = [(token, index) for index, tokens in enumerate(words) for token in getattr(tokens, run.column)]
    joined = [(token, index) for index, tokens in enumerate(words) for token in JOINED[run.column](tokens)]
    column = plain + joined
    *before, last = run.tokens
    for at, (token, _index) in enumerate(column):
        if token == last or (beginning and token.startswith(last)):
            start = at - len(before)
            if start >= 0 and [token for token, _index in column[start:at]] == before:
                yield from (index for _token, index in column[start : at + 1])


def _best(written: list[re.Match[str]], hits: dict[int, set[int]]) -> tuple[int, int]:
    """Return start and end of the part of the text, no wider than an excerpt, with the best hits."""
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
    """Widen the part on both sides to the width of an excerpt, between words."""
    left = max(0, min(begin - (WIDTH - (end - begin)) // 2, len(text) - WIDTH))
    left = min(left, begin)
    right = max(end, min(left + WIDTH, len(text)))
    if left:
        left = text.find(" ", left, begin) + 1 or begin
    if right < len(text):
        right = max(text.rfind(" ", end, right + 1), end)
    return left, right
