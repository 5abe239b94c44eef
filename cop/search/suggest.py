"""Suggestions while typing: titles and names for a query, similar threads for the title of a new one."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import case, func, or_, select, type_coerce
from sqlalchemy.types import NullType

from cop import access
from cop.base.db import db
from cop.base.fast.prepared import PreparedQuery
from cop.search import fulltext
from cop.search.excerpt import Marker
from cop.search.filters import Filters
from cop.search.fulltext import Asked, Part
from cop.search.models import ENTRY
from cop.search.query import Column, Query, terms
from cop.search.ranking import GUIDANCE
from cop.search.reading import ENTRIES, MADE, PEOPLE, THING, among, listed, people_matching, readable, reader, scope_of
from cop.society.people import Person
from cop.things import Thing, kinds
from cop.threads.models import THREAD

MOST = 5
FEWEST = 5  # readable threads; with fewer, the list of threads tells what was asked before
MOST_CANDIDATES = 100  # the newest, of titles with all words, of those with any, and of guidance with any
ANSWERS = "uses.answers"  # the verb with which somebody says that a thread answers their question
LONGEST_TITLE = 8  # words of a title that are compared


class Suggestion(NamedTuple):
    """A thread or a person, by title or name."""

    kind: str
    id: int
    title: str


class Similar(NamedTuple):
    """A thread or guidance like the title of a new thread, with the name of its audience.

    `helps`: it is guidance or an answered question; `may_answer`: the reader may say that it answers theirs.
    """

    kind: str
    id: int
    title: str
    place: str
    helps: bool
    may_answer: bool


class Titled(NamedTuple):
    """A readable entry with its title; `helps` is 1 for guidance and answered questions."""

    entry_id: int
    kind: str
    id: int
    title: str
    audience_id: int | None
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


def similar(person: Person, audience_id: int, typed: str) -> list[Similar]:
    """Return threads and guidance that the person may read and that share at least a third of the words of a title, best first.

    Guidance and answered questions count as one word more, and come before the others. At equal points threads of the
    audience in which the new one is to stand go before those of other audiences. Nothing where few can be read.
    """
    wanted = terms(typed).wanted[:LONGEST_TITLE]
    if not wanted:
        return []
    scope, query = scope_of(person, Filters(kinds=frozenset(_answering_kinds()))), Query(wanted=wanted)
    any_word = (Part(query.either(), title=True),)
    some, *found = fulltext.newest(
        [
            Asked((), scope, FEWEST),
            Asked(any_word, scope, MOST_CANDIDATES),
            Asked(any_word, scope.also(GUIDANCE), MOST_CANDIDATES),
            Asked((Part(query, title=True),), scope, MOST_CANDIDATES),
        ]
    )
    if len(some) < FEWEST:
        return []
    terms_in = Marker(query).terms_in
    read = _titled(person, {id for ids in found for id in ids})
    shared = {row.entry_id: len(terms_in(row.title)) for row in read}
    rows = [row for row in read if shared[row.entry_id] * 3 >= len(wanted)]

    def points(row: Titled) -> tuple[Any, ...]:
        here = row.audience_id == audience_id
        return shared[row.entry_id] + row.helps, row.helps, here, row.made, row.entry_id

    best = sorted(rows, key=points, reverse=True)[:MOST]
    best.sort(key=lambda row: row.helps, reverse=True)
    answers = _answering(person, [row.id for row in best])
    return [
        Similar(row.kind, row.id, row.title, _place(person, row), bool(row.helps), row.id in answers) for row in best
    ]


def _place(person: Person, row: Titled) -> str:
    """Return the name of the audience of a thread; "" for a guest, who is in none."""
    audience = access.rights(person).audiences.get(row.audience_id or 0)
    return audience.name if audience else ""


def _answering(person: Person, ids: list[int]) -> set[int]:
    """Return those of these things of which the person may say that they answer a question of theirs."""
    if ANSWERS not in access.RULES or not ids:
        return set()
    things = db.session.scalars(select(Thing).where(Thing.id.in_(ids)))
    return {thing.id for thing in things if access.may(person, ANSWERS, thing)}


def _answering_kinds() -> list[str]:
    """Return the kinds of entries that can answer a question: threads and guidance."""
    return [name for kind in kinds.every() for name in kind.subkinds or ((kind.name,) if kind.also else ())]


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
                THING.c.audience_id,
                type_coerce(MADE, NullType).label("made"),
                case((or_(ENTRY.c.kind.in_(("guidance", "card")), THREAD.c.answer_id.is_not(None)), 1), else_=0).label(
                    "helps"
                ),
            )
            .select_from(ENTRIES.outerjoin(THREAD, THREAD.c.id == THING.c.id))
            .where(ENTRY.c.id.in_(among("ids")), readable(guest))
        ),
        Titled,
    )


def _titled(person: Person, ids: Iterable[int]) -> list[Titled]:
    given = reader(person)
    return _titled_statement("guests" in given).rows(**given, ids=listed(ids))
