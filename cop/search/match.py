"""Texts and queries in the syntax of a database; tokens are quoted `[a-z0-9]+`, so typed text cannot inject.

The columns of the analyser are told apart by a letter before the token, which no token has. A word in a title, its stem
and a part of a compound so have lists of their own in the index: a search for a word in titles does not walk all texts
that have it. PostgreSQL is given ready tsvectors and tsqueries to cast: its own parser would split again (0e0a is 0e0
and a).
"""

from collections.abc import Callable, Iterator

from cop.search.analyse import Analysed
from cop.search.query import Column, Query, Run, Term

MARKS = {Column.EXACT: "", Column.STEMS: "ð", Column.PARTS: "þ"}
TITLE = "ŧ"  # before the mark, in a title


def _columns(text: Analysed, title: Analysed) -> Iterator[list[str]]:
    """Yield the marked tokens of each column of a title and of a text."""
    for of, analysed in ((TITLE, title), ("", text)):
        for column, mark in MARKS.items():
            yield [f"{of}{mark}{token}" for token in getattr(analysed, column).split()]


def to_words(text: Analysed, title: Analysed) -> str:
    """Return the columns of a title and of a text as the text to index in FTS5."""
    return " ".join(token for tokens in _columns(text, title) for token in tokens)


def to_tsvector(text: Analysed, title: Analysed) -> str:
    """Return the columns of a title and of a text as one tsvector, separated by gaps.

    PostgreSQL counts positions up to 16,383: words beyond are found, phrases are not. Index long texts in parts.
    """
    lexemes = []
    position = 0
    for tokens in _columns(text, title):
        for token in tokens:
            position += 1
            lexemes.append(f"'{token}':{position}")
        position += 1
    return " ".join(lexemes)


def to_fts5(query: Query, *, prefix: bool = False, title: bool = False) -> str:
    """Return the query as a MATCH expression on the text, or on the `title`.

    Empty when the query has no wanted terms. With `prefix`, an incomplete last word also matches as a prefix.
    """

    def run_expression(run: Run, star: bool) -> str:
        return f'"{" ".join(_marked(run, title))}"{" *" if star else ""}'

    return _expression(query, prefix, run_expression, " AND ", " OR ", " NOT ")


def to_tsquery(query: Query, *, prefix: bool = False, title: bool = False) -> str:
    """Return the query as a tsquery on the output of `to_tsvector`; otherwise as `to_fts5`."""

    def run_expression(run: Run, star: bool) -> str:
        return " <-> ".join(f"'{token}'" for token in _marked(run, title)) + (":*" if star else "")

    return _expression(query, prefix, run_expression, " & ", " | ", " & !")


def _marked(run: Run, title: bool) -> list[str]:
    mark = f"{TITLE if title else ''}{MARKS[run.column]}"
    return [f"{mark}{token}" for token in run.tokens]


def _expression(
    query: Query, prefix: bool, run_expression: Callable[[Run, bool], str], and_op: str, or_op: str, not_op: str
) -> str:
    """Return the boolean expression of a query, in the operators of one database."""

    def any_run(term: Term) -> str:
        return f"({or_op.join(run_expression(run, prefix and term.open_ended(run)) for run in term.runs)})"

    wanted = and_op.join(map(any_run, query.wanted))
    unwanted = or_op.join(map(any_run, query.unwanted))
    return f"({wanted}){not_op}({unwanted})" if wanted and unwanted else wanted
