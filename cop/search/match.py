"""Texts and queries in the words of a database; tokens are `[a-z0-9]+` and quoted, so nothing typed gets out.

PostgreSQL is given ready tsvectors and tsqueries to cast: its own parser would cut again (0e0a is 0e0 and a).
"""

from collections.abc import Callable

from cop.search.analyse import Analysed
from cop.search.query import Column, Query, Run, Term

WEIGHTS = {Column.EXACT: "A", Column.STEMS: "B", Column.PARTS: "C"}
TITLE = "title_"  # begins the names of the columns of a title, where it stands apart in one table with its text


def to_tsvector(text: Analysed) -> str:
    """The three columns as one tsvector, told apart by weight and with a gap between them.

    PostgreSQL counts positions to 16,383: words beyond are found, phrases are not. Index long texts in parts.
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
    """The query as a MATCH expression on the columns exact, stems and parts, or on those of the `title` alone;
    empty if it wants no words.

    With `prefix` the last word, if it may still be being typed, is looked for as a beginning too.
    """
    of = TITLE if title else ""

    def found(run: Run, star: bool) -> str:
        return f'{of}{run.column} : "{" ".join(run.tokens)}"{" *" if star else ""}'

    return _expression(query, prefix, found, " AND ", " OR ", " NOT ")


def to_tsquery(query: Query, *, prefix: bool = False) -> str:
    """The query as a tsquery on what `to_tsvector` made; otherwise as `to_fts5`."""

    def found(run: Run, star: bool) -> str:
        *before, last = run.tokens
        weight = WEIGHTS[run.column]
        lexemes = [*(f"'{token}':{weight}" for token in before), f"'{last}':{'*' if star else ''}{weight}"]
        return " <-> ".join(lexemes)

    return _expression(query, prefix, found, " & ", " | ", " & !")


def _expression(
    query: Query, prefix: bool, found: Callable[[Run, bool], str], both: str, either: str, but_not: str
) -> str:
    """The boolean expression of a query, in the operators of one database."""

    def any_run(term: Term) -> str:
        return f"({either.join(found(run, prefix and term.open_ended(run)) for run in term.runs)})"

    wanted = both.join(map(any_run, query.wanted))
    unwanted = either.join(map(any_run, query.unwanted))
    return f"({wanted}){but_not}({unwanted})" if wanted and unwanted else wanted
