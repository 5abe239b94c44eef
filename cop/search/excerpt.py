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
    """Return an excerpt of a single text; as `Marker.mark`."""
    return Marker(query, prefix=prefix).mark(plain)


class Marker:
    """Makes the excerpts of the hits of a query; `prefix` as in `to_fts5`.

    Texts of one community repeat their words, so what a written word is a hit of is kept from one text to the next.
    """

    def __init__(self, query: Query, *, prefix: bool = False) -> None:
        self.words: dict[Column, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        self.beginnings: list[tuple[int, Run]] = []
        self.phrases: list[tuple[int, Run, bool]] = []
        for number, term in enumerate(query.wanted):
            for run in term.runs:
                beginning = prefix and term.open_ended(run)
                if len(run.tokens) > 1:
                    self.phrases.append((number, run, beginning))
                elif beginning:
                    self.beginnings.append((number, run))
                else:
                    self.words[run.column][run.tokens[0]].add(number)
        self.known: dict[str, tuple[frozenset[int], bool]] = {}

    def mark(self, plain: str) -> list[tuple[str, bool]]:
        """Return about 200 characters of `plain` around the best hits, as (segment, is_hit) pairs.

        The best place has the most different terms, then the most hits, then comes first.
        """
        text = " ".join(clean(plain).split())
        written = list(WRITTEN_WORD.finditer(text))
        hits = self._hits(written)
        begin, end = _window(text, *_best(written, hits))
        segments = [("… ", False)] if begin else []
        at = begin
        for index in sorted(hits):
            if begin <= written[index].start() and written[index].end() <= end:
                segments += [(text[at : written[index].start()], False), (written[index][0], True)]
                at = written[index].end()
        segments += [(text[at:end], False), (" …" if end < len(text) else "", False)]
        return [(segment, found) for segment, found in segments if segment]

    def terms_in(self, plain: str) -> set[int]:
        """Return the numbers of the wanted terms that a text has."""
        return set().union(*self._hits(list(WRITTEN_WORD.finditer(clean(plain)))).values())

    def _hits(self, written: list[re.Match[str]]) -> dict[int, set[int]]:
        """Return index of a written word → numbers of the terms it is a hit of."""
        hits: dict[int, set[int]] = defaultdict(set)
        known, begins = self.known, False
        for index, match in enumerate(written):
            word = match[0]
            terms, begins_phrase = known.get(word) or self._learn(word)
            if terms:
                hits[index].update(terms)
            begins = begins or begins_phrase
        if begins:  # usually not: then the columns need not be built
            words = [tokens_of(match[0]) for match in written]
            for number, run, beginning in self.phrases:
                for index in _phrase_occurrences(words, run, beginning):
                    hits[index].add(number)
        return hits

    def _learn(self, word: str) -> tuple[frozenset[int], bool]:
        """Return the numbers of the terms that a written word is a hit of, and whether a phrase can begin with it."""
        tokens = tokens_of(word)
        terms: set[int] = set()
        for column, numbers in self.words.items():
            for token in TOKENS[column](tokens):
                if token in numbers:
                    terms |= numbers[token]
        for number, run in self.beginnings:
            if any(token.startswith(run.tokens[0]) for token in TOKENS[run.column](tokens)):
                terms.add(number)
        begins = any(  # a compound is a hit already, and has its parts side by side in itself
            number not in terms and run.tokens[0] in TOKENS[run.column](tokens)
            for number, run, _beginning in self.phrases
        )
        self.known[word] = frozenset(terms), begins
        return self.known[word]


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
