"""The question: what a person may read of what a query finds, the best first.

The order is a sum of a few points, not a database's own measure: so SQLite and PostgreSQL give one answer, and it
can be explained. All words in the title count most, then the words as typed, then their inflections; what has
them only as part of its compounds comes after. Among equals accepted answers and guidance are first, live chat and
people's themes last, and what was said last comes before what was said before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, case, func, not_, or_, select, true

from cop.base.db import db, is_sqlite
from cop.search import filters, fulltext
from cop.search.excerpt import mark
from cop.search.filters import PERSON, Filters
from cop.search.models import ENTRY
from cop.search.query import Column, Query, terms
from cop.search.reading import ENTRIES, MADE, PLACE, THING, address, passing, readable, reader
from cop.society.organisations import Organisation
from cop.society.people import Person
from cop.things import community_of, kinds
from cop.threads.models import THREAD

MOST_RANKED = 5_000  # of more hits the newest
MOST_SHOWN = 200
PER_PLACE = 3  # hits of one thread or room on a page

AUTHOR, ORGANISATION = Person.__table__.alias("author"), Organisation.__table__

SHOWN = (
    select(
        ENTRY,
        MADE.label("made"),
        THING.c.audience_id,
        community_of(THING.c.audience_id).label("community_id"),
        THING.c.parent_id,
        PLACE.c.title.label("place_title"),
        THREAD.c.thread_kind,
        THING.c.author_id,
        AUTHOR.c.name.label("author_name"),
        THING.c.author_role,
        ORGANISATION.c.name.label("organisation_name"),
    )
    .select_from(
        ENTRIES.outerjoin(THREAD, THREAD.c.id == func.coalesce(PLACE.c.id, THING.c.id))
        .outerjoin(AUTHOR, AUTHOR.c.id == THING.c.author_id)
        .outerjoin(ORGANISATION, ORGANISATION.c.id == THING.c.organisation_id)
    )
    .where(ENTRY.c.id.in_(bindparam("ids", expanding=True)))
)

Segments = list[tuple[str, bool]]  # of a text; True where a segment is what was looked for


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: `id` is the thing's or the person's, who has no author; `thread_kind` is of where it stands."""

    kind: str
    id: int
    title: Segments
    excerpt: Segments
    made: datetime
    place: int | None
    audience_id: int | None
    community_id: int | None
    thread_kind: str | None
    author_id: int | None
    author_name: str | None
    author_role: str | None
    organisation_name: str | None

    @property
    def url(self) -> str:
        """The exact place: of a post its own address, not its thread's."""
        return address(self.kind, self.id)


@dataclass(frozen=True, slots=True)
class Group:
    """The best hits in one place, the very best first, and how many there are."""

    hits: list[Hit]
    count: int


@dataclass(frozen=True, slots=True)
class Found:
    """A page of hits; `count` is of all of them, up to `MOST_RANKED`; `next` is the key of the page that follows; `cut`
    tells that some are on no page."""

    query: Query
    filters: Filters
    groups: list[Group]
    count: int = 0
    next: int | None = None
    cut: bool = False

    @property
    def hits(self) -> list[Hit]:
        """The hits of all groups."""
        return [hit for group in self.groups for hit in group.hits]


def find(
    person: Any,
    typed: str,
    *,
    kind: str | None = None,
    community: str | None = None,
    place: int | None = None,
    after: int = 0,
    limit: int = 20,
) -> Found:
    """What this person may read of what was typed: `limit` hits, at most three of one place next to each other.

    kind: one of `filters.filter_names()`; community: a slug; place: a thread or room, of which all hits are shown; after:
    how many places to skip, the key of a page.
    """
    query = terms(typed)
    narrowed = filters.read(person, query, kind=kind, community=community, place=place)
    if not (query.wanted or query.authors or query.places or query.kinds or query.since):
        return Found(query, narrowed, [])
    ranked = _ranked(person, query, narrowed)
    places = _places(ranked)
    shown = list(_fitting(places[after:], limit))
    hits = _hits(query, [row.id for rows in shown for row in rows])
    groups = [
        Group(kept, rows[0].here) for rows in shown if (kept := [hits[row.id] for row in rows if row.id in hits])
    ]  # else removed for good meanwhile
    upto = after + len(shown)
    return Found(
        query,
        narrowed,
        groups,
        count=ranked[0].total if ranked else 0,
        next=upto if upto < len(places) else None,
        cut=len(ranked) == MOST_SHOWN,
    )


def _ranked(person: Any, query: Query, narrowed: Filters) -> list[Row[Any]]:
    """The best of the newest hits as rows (id, place, here, total), in order; of a place the first `PER_PLACE`, `here`
    is how many it has. What stands by itself is a place of its own, and in a place that was asked for all is."""
    words, given = bool(query.wanted), reader(person)
    guest = "guests" in given
    if words and not narrowed:
        asked = _of_words_alone(is_sqlite(), guest)
    else:
        found = fulltext.finds("words") if words else not_(fulltext.finds("refused")) if query.unwanted else true()
        asked = _best(and_(passing(narrowed, words), found), words, guest, apart=narrowed.place is not None)
    return list(db.session.execute(asked, given | _words(query)).all())


def _words(query: Query) -> dict[str, str]:
    """What is looked for, by the names that it is bound to."""
    if not query.wanted:
        return {"refused": fulltext.words(query.refused())} if query.unwanted else {}
    wanted = query.only(*Column)
    return {
        "words": fulltext.words(query),
        "in_title": fulltext.words(wanted, title=True),
        "partly_in_title": fulltext.words(wanted.either(), title=True),
        "as_typed": fulltext.words(query.only(Column.EXACT)),
        "inflected": fulltext.words(query.only(Column.EXACT, Column.STEMS)),
    }


@cache
def _of_words_alone(sqlite: bool, guest: bool) -> Select[Any]:
    """The statement for words without any filter; made once for each database, it is the one that is asked most."""
    return _best(fulltext.finds("words"), words=True, guest=guest)


def _best(found: ColumnElement[bool], words: bool, guest: bool, apart: bool = False) -> Select[Any]:
    """The best of the newest entries that are found and may be read; `apart`: each is a place of its own."""
    place = -ENTRY.c.id if apart else func.coalesce(THING.c.parent_id, THING.c.id, -ENTRY.c.id)
    newest = (
        select(ENTRY.c.id, place.label("place"), MADE.label("made"), _points(words).label("points"))
        .select_from(ENTRIES.outerjoin(THREAD, THREAD.c.id == THING.c.parent_id))
        .where(readable(guest), found)
        .order_by(ENTRY.c.id.desc())
        .limit(MOST_RANKED)
        .subquery("newest")
    )
    order = (newest.c.points.desc(), newest.c.made.desc(), newest.c.id.desc())
    nth = func.row_number().over(partition_by=newest.c.place, order_by=order)
    here = func.count().over(partition_by=newest.c.place)
    total = func.count().over()
    ranked = select(newest, nth.label("nth"), here.label("here"), total.label("total")).subquery("ranked")
    return (
        select(ranked.c.id, ranked.c.place, ranked.c.here, ranked.c.total)
        .where(ranked.c.nth <= PER_PLACE)
        .order_by(ranked.c.points.desc(), ranked.c.made.desc(), ranked.c.id.desc())
        .limit(MOST_SHOWN)
    )


def _points(words: bool) -> ColumnElement[int]:
    """What a hit is worth; without words to look for, all that counts is what it is."""
    best = or_(ENTRY.c.kind == "guidance", ENTRY.c.thing_id == THREAD.c.answer_id)
    worth: ColumnElement[int] = case((best, 1), (ENTRY.c.kind == PERSON, -1), *_ranks(), else_=0)
    if words:
        worth += case((fulltext.finds("in_title", title=True), 8), else_=0)
        worth += case((fulltext.finds("partly_in_title", title=True), 3), else_=0)
        worth += case((fulltext.finds("as_typed"), 2), else_=0)
        worth += case((fulltext.finds("inflected"), 1), else_=0)
    return worth


def _ranks() -> list[tuple[ColumnElement[bool], int]]:
    return [(ENTRY.c.kind == kind.name, kind.rank) for kind in kinds.every() if kind.rank]


def _places(ranked: Iterable[Row[Any]]) -> list[list[Row[Any]]]:
    """The hits by the place they stand in, in the order of the best of each."""
    by_place: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in ranked:
        by_place[row.place].append(row)
    return list(by_place.values())


def _fitting(places: Iterable[list[Row[Any]]], limit: int) -> Iterator[list[Row[Any]]]:
    """The hits of as many places as fit a page."""
    room = limit
    for rows in places:
        room -= len(rows[:limit])
        if room < 0:
            return
        yield rows[:limit]


def _hits(query: Query, ids: list[int]) -> dict[int, Hit]:
    """What is shown of these entries, which may be read."""
    rows = db.session.execute(SHOWN, {"ids": ids}) if ids else ()
    return {
        row.id: Hit(
            kind=row.kind,
            id=row.thing_id or row.person_id,
            title=mark(row.title or row.place_title, query),
            excerpt=mark(row.plain, query),
            made=row.made,
            audience_id=row.audience_id,
            community_id=row.community_id,
            thread_kind=row.thread_kind,
            place=row.parent_id or row.thing_id,
            author_id=row.author_id,
            author_name=row.author_name,
            author_role=row.author_role,
            organisation_name=row.organisation_name,
        )
        for row in rows
    }
