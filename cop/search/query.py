"""The query language: words, "an exact phrase", -not, and the operators van:, in:, type: and na:.

Any input is a valid query. A term is found where one of its runs is: adjacent tokens in one column. The same structure
gives the database query (`match`) and the marks in an `excerpt`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from cop.search.analyse import WRITTEN_WORD, WordTokens, clean, tokens_of
from cop.search.lexicon import STOP

LONGEST_QUERY = 400  # characters
MOST_TERMS = 20

OPERATORS = {"van": "authors", "in": "places", "type": "kinds", "na": "since"}
OPERATORS |= {"from": "authors", "after": "since"}
PIECE = re.compile(
    rf"(?P<minus>(?<!\S)-)?(?:(?P<operator>{'|'.join(OPERATORS)}):(?=\S))?"
    r'(?:"(?P<phrase>[^"]*)"?|(?P<words>[^\s"]+))',
    re.IGNORECASE,
)
QUOTES = str.maketrans("“”„‟«»", '""""""')
MONTHS = {"jan": 1, "feb": 2, "mar": 3, "maa": 3, "mrt": 3, "apr": 4, "mei": 5, "may": 5, "jun": 6, "jul": 7}
MONTHS |= {"aug": 8, "sep": 9, "okt": 10, "oct": 10, "nov": 11, "dec": 12}


class Column(StrEnum):
    """A column of the index."""

    EXACT = "exact"
    STEMS = "stems"
    PARTS = "parts"


@dataclass(frozen=True, slots=True)
class Run:
    """Tokens that are adjacent in one column."""

    column: Column
    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """One thing to find, in any of several ways; `grows` when its word may be incomplete."""

    runs: tuple[Run, ...]
    grows: bool = False

    def open_ended(self, run: Run) -> bool:
        """Return whether the last token of this run may be the start of a longer word."""
        return self.grows and run is self.runs[0]


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query: all wanted terms and no unwanted one, from any of the authors, places and kinds.

    Authors, places and kinds are as typed, without control characters; `since` includes its own day.
    """

    wanted: tuple[Term, ...] = ()
    unwanted: tuple[Term, ...] = ()
    authors: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    since: date | None = None

    def only(self, *columns: Column) -> Query:
        """Return the wanted terms restricted to these columns; every term can be in `EXACT`."""
        return Query(
            wanted=tuple(
                replace(term, runs=tuple(run for run in term.runs if run.column in columns)) for term in self.wanted
            )
        )

    def either(self) -> Query:
        """Return a query that matches any of the wanted terms."""
        runs = tuple(dict.fromkeys(run for term in self.wanted for run in term.runs))
        return Query(wanted=(Term(runs),) if runs else ())

    def refused(self) -> Query:
        """Return a query that matches the unwanted terms."""
        runs = tuple(run for term in self.unwanted for run in term.runs)
        return Query(wanted=(Term(runs),) if runs else ())


def terms(query: str) -> Query:
    """Parse a query as typed; anything beyond 400 characters or 20 terms is ignored."""
    typed = clean(query[:LONGEST_QUERY].translate(QUOTES))
    wanted: list[Term] = []
    unwanted: list[Term] = []
    values: dict[str, list[str]] = {"authors": [], "places": [], "kinds": []}
    since = None
    for piece in PIECE.finditer(typed):
        field, value = _filter(piece)
        if field == "since" and (day := _day(value)):
            since = day
        elif field in values:
            values[field].append(value)
        elif piece["minus"]:
            unwanted += _terms(piece, _same_word)
        else:
            wanted += _terms(piece, _related)
            if wanted and piece.end() == len(typed) and typed[-1].isalnum():
                wanted[-1] = replace(wanted[-1], grows=True)
    return Query(
        wanted=_distinct([term for term in wanted if not _is_stop_word(term)] or wanted),
        unwanted=_distinct(term for term in unwanted if not _is_stop_word(term)),
        authors=tuple(values["authors"]),
        places=tuple(values["places"]),
        kinds=tuple(values["kinds"]),
        since=since,
    )


def words(query: str) -> str:
    """Return the query without its filters."""
    typed = clean(query[:LONGEST_QUERY].translate(QUOTES))
    return " ".join(piece[0] for piece in PIECE.finditer(typed) if not _is_filter(piece))


def _is_filter(piece: re.Match[str]) -> bool:
    """Return whether a piece is a filter rather than a search term."""
    field, value = _filter(piece)
    return bool(field) and (field != "since" or _day(value) is not None)


def _filter(piece: re.Match[str]) -> tuple[str, str]:
    """Return the field a piece filters on and its value; two empty strings if it is no filter."""
    value = "".join(filter(str.isprintable, piece["words"] or piece["phrase"] or "")).strip()
    if not piece["operator"] or piece["minus"] or not value:
        return "", ""
    return OPERATORS[piece["operator"].lower()], value


def _day(written: str) -> date | None:
    """Return the first day of 2017, 11-2017, 14-11-2017, 2017-11-14 or 14 november 2017; None if it is no date."""
    steps = re.split(r"[-/. ]+", written.casefold())
    if len(steps[-1]) == 4:
        steps.reverse()
    year, month, day, *more = [*steps, "1", "1"]
    if len(year) != 4 or len(more) > 2:
        return None
    try:
        return date(int(year), MONTHS.get(month[:3]) or int(month), int(day))
    except ValueError:
        return None


def _terms(piece: re.Match[str], runs: Callable[[WordTokens], Iterator[Run]]) -> Iterator[Term]:
    """Yield the terms in one piece of a query: a phrase as it is, or the `runs` of each word."""
    found: list[Iterable[Run]]
    if piece["phrase"] is not None:
        words = (word for written in WRITTEN_WORD.findall(piece["phrase"]) for word in tokens_of(written).exact)
        found = [[Run(Column.EXACT, tuple(words))]]
    else:
        found = [runs(tokens_of(written)) for written in WRITTEN_WORD.findall(piece["words"])]
    for runs_of_word in found:
        if distinct := tuple(dict.fromkeys(run for run in runs_of_word if run.tokens)):
            yield Term(distinct)


def _same_word(tokens: WordTokens) -> Iterator[Run]:
    """Yield the word itself, with or without its hyphens, and its inflections."""
    yield Run(Column.EXACT, tokens.exact)
    yield Run(Column.EXACT, tokens.joined)
    if len(tokens.stems) == len(tokens.exact):  # Q2-monitor is not just any monitor
        yield Run(Column.STEMS, tokens.stems)
    yield Run(Column.STEMS, tokens.joined_stem)


def _related(tokens: WordTokens) -> Iterator[Run]:
    """Yield the word, the compounds it is part of, and its own parts side by side (woning corporatie)."""
    for run in _same_word(tokens):
        yield run
        if run.column is Column.STEMS:
            yield Run(Column.PARTS, run.tokens)
    if len(tokens.exact) == 1 and len(tokens.parts) > 1:
        yield Run(Column.STEMS, tokens.parts)
        yield Run(Column.PARTS, tokens.parts)


def _is_stop_word(term: Term) -> bool:
    """Return whether the term is a single stop word."""
    return len(term.runs) == 1 and len(term.runs[0].tokens) == 1 and term.runs[0].tokens[0] in STOP


def _distinct(terms: Iterable[Term]) -> tuple[Term, ...]:
    """Return the terms without duplicates, at most `MOST_TERMS`; of equal ones the last, which may grow."""
    return tuple({term.runs: term for term in terms}.values())[:MOST_TERMS]
