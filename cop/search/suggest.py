"""Suggestions while typing: titles and names for a query, similar threads for the title of a new one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import case, func, or_, select, type_coerce
from sqlalchemy.types import NullType

from cop.base.fast.prepared import PreparedQuery
from cop.search import fulltext
from cop.search.filters import Filters
from cop.search.fulltext import Asked, Part
from cop.search.models import ENTRY
from cop.search.query import Column, Query, terms
from cop.search.reading import ENTRIES, MADE, PEOPLE, THING, among, listed, people_matching, readable, reader, scope_of
from cop.society.people import Person
from cop.things import kinds
from cop.threads.models import THREAD

MOST = 5
MOST_CANDIDATES = 100  # the newest, of titles with all words and of those with any
LONGEST_TITLE = 8  # words of a title that are compared


class Suggestion(NamedTuple):
    """A thread or a person, by title or name."""

    kind: str
    id: int
    title: str


class Titled(NamedTuple):
    """A readable entry with its title; `helps` is 1 for guidance and answered questions."""

    entry_id: int
    kind: str
    id: int
    title: str
    made: Any  # as the database has it: only its order counts
    helps: int


def suggestions(person: Person, typed: str) -> list[Suggestion]:
    """Return threads and people whose title or name matches, the last word as a prefix.

    Whole words first, then the newest.
    """
    asked = terms(typed)
    if not asked.wanted:
        return []
    whole, begun = (Part(asked.only(*Column), title=True),), (Part(asked, title=True, prefix=True),)
    scope = scope_of(person, Filters(kinds=frozenset(_suggested())))
    questions = [Asked(parts, of, MOST_CANDIDATES) for of in (scope, PEOPLE) for parts in (whole, begun)]
    titles, by_prefix, names, anybody = fulltext.newest(questions)
    people = people_matching(person, *begun, MOST_CANDIDATES) if anybody else []
    best = {*titles, *names}
    rows = _titled(person, {*titles, *by_prefix, *people})
    rows.sort(key=lambda row: (row.entry_id in best, row.made, row.entry_id), reverse=True)
    return [Suggestion(row.kind, row.id, row.title) for row in rows[:MOST]]


def similar(person: Person, audience_id: int, typed: str) -> list[Suggestion]:
    """Return threads of an audience that share at least a third of the words of a title, best first.

    Guidance and answered questions count as one word more.
    """
    wanted = terms(typed).wanted[:LONGEST_TITLE]
    if not wanted:
        return []
    threads = frozenset(name for kind in kinds.every() for name in kind.subkinds)
    scope = scope_of(person, Filters(audiences=frozenset({audience_id}), kinds=threads))
    queries = [Query(wanted=wanted).either(), Query(wanted=wanted), *(Query(wanted=(term,)) for term in wanted)]
    any_word, all_words, *each = fulltext.newest(
        [Asked((Part(query, title=True),), scope, MOST_CANDIDATES) for query in queries]
    )
    shared = Counter(id for ids in each for id in ids)
    shared.update({id: len(wanted) - shared[id] for id in all_words})
    rows = [row for row in _titled(person, {*any_word, *all_words}) if shared[row.entry_id] * 3 >= len(wanted)]
    rows.sort(key=lambda row: (shared[row.entry_id] + row.helps, row.helps, row.made, row.entry_id), reverse=True)
    return [Suggestion(row.kind, row.id, row.title) for row in rows[:MOST]]


def _suggested() -> list[str]:
    """Return the kinds of entries that are suggested by their titles."""
    return [name for kind in kinds.every() if kind.recent for name in kind.subkinds or (kind.name,)]


@cache
def _titled_statement(guest: bool) -> PreparedQuery[Titled]:
    """Return the statement for those of the entries of `:ids` that the reader may read."""
    return PreparedQuery(
        lambda: (
            select(
                ENTRY.c.id.label("entry_id"),
                ENTRY.c.kind,
                func.coalesce(ENTRY.c.thing_id, ENTRY.c.person_id).label("id"),
                ENTRY.c.title,
                type_coerce(MADE, NullType).label("made"),
                case((or_(ENTRY.c.kind == "guidance", THREAD.c.answer_id.is_not(None)), 1), else_=0).label("helps"),
            )
            .select_from(ENTRIES.outerjoin(THREAD, THREAD.c.id == THING.c.id))
            .where(ENTRY.c.id.in_(among("ids")), readable(guest))
        ),
        Titled,
    )


def _titled(person: Person, ids: Iterable[int]) -> list[Titled]:
    given = reader(person)
    return _titled_statement("guests" in given).rows(**given, ids=listed(ids))
