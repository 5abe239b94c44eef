"""Texts and queries in the syntax of a database; tokens are quoted `[a-z0-9]+`, so typed text cannot inject.

PostgreSQL is given ready tsvectors and tsqueries to cast: its own parser would split again (0e0a is 0e0 and a).
"""

from collections.abc import Callable

from cop.search.analyse import Analysed
from cop.search.query import Column, Query, Run, Term

WEIGHTS = {Column.EXACT: "A", Column.STEMS: "B", Column.PARTS: "C"}
TITLE = "title_"  # prefix of the title columns, where they are in one table with those of the text


def to_tsvector(text: Analysed) -> str:
    """Return the three columns as one tsvector, distinguished by weight and separated by a gap.

    PostgreSQL counts positions up to 16,383: words beyond are found, phrases are not. Index long texts in parts.
    """
    lexemes = []
    position = 0
    for column, weight in WEIGHTS.items():
        for token in getattr(text, column).split():
            position += 1
            lexemes.append(f"'{token}':{position}{weight}")
        position += 1
    return " ".join(lexemes)


def to_fts5(query: Query, *, prefix: bool = False, title: bool = False) -> str:
    """Return the query as a MATCH expression on the text columns, or on the `title` columns.

    Empty when the query has no wanted terms. With `prefix`, an incomplete last word also matches as a prefix.
    """
    of = TITLE if title else ""

    def run_expression(run: Run, star: bool) -> str:
        return f'{of}{run.column} : "{" ".join(run.tokens)}"{" *" if star else ""}'

    return _expression(query, prefix, run_expression, " AND ", " OR ", " NOT ")


def to_tsquery(query: Query, *, prefix: bool = False) -> str:
    """Return the query as a tsquery on the output of `to_tsvector`; otherwise as `to_fts5`."""

    def run_expression(run: Run, star: bool) -> str:
        *before, last = run.tokens
        weight = WEIGHTS[run.column]
        lexemes = [*(f"'{token}':{weight}" for token in before), f"'{last}':{'*' if star else ''}{weight}"]
        return " <-> ".join(lexemes)

    return _expression(query, prefix, run_expression, " & ", " | ", " & !")


def _expression(
    query: Query, prefix: bool, run_expression: Callable[[Run, bool], str], and_op: str, or_op: str, not_op: str
) -> str:
    """Return the boolean expression of a query, in the operators of one database."""

    def any_run(term: Term) -> str:
        return f"({or_op.join(run_expression(run, prefix and term.open_ended(run)) for run in term.runs)})"

    wanted = and_op.join(map(any_run, query.wanted))
    unwanted = or_op.join(map(any_run, query.unwanted))
    return f"({wanted}){not_op}({unwanted})" if wanted and unwanted else wanted
