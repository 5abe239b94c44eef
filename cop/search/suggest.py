"""Suggestions while typing: titles and names for a query, similar threads for the title of a new one."""

from __future__ import annotations

from functools import reduce
from operator import add
from typing import Any, NamedTuple

from sqlalchemy import Select, case, func, or_, select

from cop import access
from cop.base.db import db
from cop.search import fulltext
from cop.search.filters import PERSON
from cop.search.models import ENTRY
from cop.search.query import Column, Query, terms
from cop.search.reading import ENTRIES, MADE, THING, readable, reader
from cop.society.people import Person
from cop.things import kinds
from cop.threads.models import THREAD

MOST = 5
LONGEST_TITLE = 8  # words of a title that are compared


class Suggestion(NamedTuple):
    """A thread or a person, by title or name."""

    kind: str
    id: int
    title: str


def suggestions(person: Person, typed: str) -> list[Suggestion]:
    """Return threads and people whose title or name matches, the last word as a prefix.

    Whole words first, then the newest.
    """
    asked = terms(typed)
    if not asked.wanted:
        return []
    whole = case((fulltext.finds("whole", title=True), 1), else_=0)
    by_prefix = fulltext.finds("begun", title=True)
    words = {
        "whole": fulltext.words(asked.only(*Column), title=True),
        "begun": fulltext.words(asked, title=True, prefix=True),
    }
    query = (
        _titles(person)
        .where(by_prefix, ENTRY.c.kind.in_([*_suggested(), PERSON]))
        .order_by(whole.desc(), MADE.desc(), ENTRY.c.id.desc())
        .limit(MOST)
    )
    return list(map(Suggestion._make, db.session.execute(query, reader(person) | words)))


def similar(person: Person, audience_id: int, typed: str) -> list[Suggestion]:
    """Return threads of an audience that share at least a third of the words of a title, best first.

    Guidance and answered questions count as one word more.
    """
    wanted = terms(typed).wanted[:LONGEST_TITLE]
    if not wanted:
        return []
    words = {f"word_{n}": fulltext.words(Query(wanted=(term,)), title=True) for n, term in enumerate(wanted)}
    shared = reduce(add, (case((fulltext.finds(name, title=True), 1), else_=0) for name in words))
    helps = case((or_(ENTRY.c.kind == "guidance", THREAD.c.answer_id.is_not(None)), 1), else_=0)
    found = (
        _titles(person)
        .add_columns(shared.label("shared"), helps.label("helps"), MADE.label("made"))
        .join(THREAD, THREAD.c.id == THING.c.id)
        .where(THING.c.audience_id == audience_id, fulltext.finds("any_word", title=True))
        .subquery("found")
    )
    best = ((found.c.shared + found.c.helps).desc(), found.c.helps.desc(), found.c.made.desc(), found.c.id.desc())
    words["any_word"] = fulltext.words(Query(wanted=wanted).either(), title=True)
    query = (
        select(found.c.kind, found.c.id, found.c.title)
        .where(found.c.shared * 3 >= len(wanted))
        .order_by(*best)
        .limit(MOST)
    )
    return list(map(Suggestion._make, db.session.execute(query, reader(person) | words)))


def _suggested() -> list[str]:
    """Return the kinds of entries that are suggested by their titles."""
    return [name for kind in kinds.every() if kind.recent for name in kind.subkinds or (kind.name,)]


def _titles(person: Person) -> Select[Any]:
    """Return the query for kind, id and title of readable entries."""
    id = func.coalesce(ENTRY.c.thing_id, ENTRY.c.person_id)
    return (
        select(ENTRY.c.kind, id.label("id"), ENTRY.c.title)
        .select_from(ENTRIES)
        .where(readable(bool(access.rights(person).guests)))
    )
