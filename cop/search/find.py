"""Search itself: the entries a person may read that match a query, best first.

The order is a sum of a few points rather than a database's own ranking, so SQLite and PostgreSQL give the same
results and the order can be explained. All words in the title count most, then the words as typed, then their
inflections; matches in parts of compounds come last. At equal points accepted answers and guidance come first, live
chat and people's themes last, and newer before older.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, not_, or_, select, true

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

MOST_RANKED = 5_000  # of more hits, only the newest are ranked
MOST_SHOWN = 200
PER_PLACE = 3  # hits of one thread or chat room on a page

AUTHOR, ORGANISATION = Person.__table__.alias("author"), Organisation.__table__


class EntryRow(NamedTuple):
    """An entry of the index, with what a hit shows of its thing and its author."""

    id: int
    thing_id: int | None
    person_id: int | None
    kind: str
    title: str
    plain: str
    made: datetime
    audience_id: int | None
    community_id: int | None
    parent_id: int | None
    place_title: str | None
    thread_kind: str | None
    author_id: int | None
    author_name: str | None
    author_role: str | None
    organisation_name: str | None


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


class RankedEntry(NamedTuple):
    """An entry among the best of its place, which has `here` hits; `total` is the number of all hits."""

    id: int
    place: int
    here: int
    total: int


Segments = list[tuple[str, bool]]  # (segment, is_hit)


@dataclass(frozen=True, slots=True)
class Hit:
    """A search hit: `id` is the thing's or the person's; `thread_kind` is that of the thread it is in."""

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
        """The address of the hit itself: a post's own, not its thread's."""
        return address(self.kind, self.id)


@dataclass(frozen=True, slots=True)
class Group:
    """The best hits in one place, best first, and the number of hits there."""

    hits: list[Hit]
    count: int


@dataclass(frozen=True, slots=True)
class Found:
    """A page of hits.

    `count` covers all hits up to `MOST_RANKED`; `next` is the value of `after` for the next page; `cut` tells that some
    hits are on no page.
    """

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
    person: Person,
    typed: str,
    *,
    kind: str | None = None,
    community: str | None = None,
    place: int | None = None,
    after: int = 0,
    limit: int = 20,
) -> Found:
    """Return what this person may read that matches: `limit` hits, at most three of one place together.

    kind: one of `filters.filter_names()`; community: a slug; place: a thread or chat room, to show all hits of it; after:
    the number of places to skip, `next` of the page before.
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
        Group(present, rows[0].here) for rows in shown if (present := [hits[row.id] for row in rows if row.id in hits])
    ]  # an entry may have been deleted meanwhile
    upto = after + len(shown)
    return Found(
        query,
        narrowed,
        groups,
        count=ranked[0].total if ranked else 0,
        next=upto if upto < len(places) else None,
        cut=len(ranked) == MOST_SHOWN,
    )


def _ranked(person: Person, query: Query, narrowed: Filters) -> list[RankedEntry]:
    """Return the best of the newest hits, in order, at most `PER_PLACE` of a place.

    Files and people are a place each; with a place
    filter, so is every hit.
    """
    words, given = bool(query.wanted), reader(person)
    guest = "guests" in given
    if words and not narrowed:
        statement = _words_only(is_sqlite(), guest)
    else:
        found = fulltext.finds("words") if words else not_(fulltext.finds("refused")) if query.unwanted else true()
        statement = _best(and_(passing(narrowed, words), found), words, guest, apart=narrowed.place is not None)
    return list(map(RankedEntry._make, db.session.execute(statement, given | _words(query))))


def _words(query: Query) -> dict[str, str]:
    """Return the bind values of the full-text conditions."""
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
def _words_only(sqlite: bool, guest: bool) -> Select[Any]:
    """Return the statement for words without filters, the most frequent search; built once per database."""
    return _best(fulltext.finds("words"), words=True, guest=guest)


def _best(found: ColumnElement[bool], words: bool, guest: bool, apart: bool = False) -> Select[Any]:
    """Return the statement for the best of the newest matching readable entries; `apart`: each is its own place."""
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
    """Return the points of a hit; without words only its kind counts."""
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


def _places(ranked: Iterable[RankedEntry]) -> list[list[RankedEntry]]:
    """Return the hits grouped by place, in the order of the best hit of each."""
    by_place: dict[int, list[RankedEntry]] = defaultdict(list)
    for row in ranked:
        by_place[row.place].append(row)
    return list(by_place.values())


def _fitting(places: Iterable[list[RankedEntry]], limit: int) -> Iterator[list[RankedEntry]]:
    """Yield the hits of as many places as fit on a page."""
    left = limit
    for rows in places:
        left -= len(rows[:limit])
        if left < 0:
            return
        yield rows[:limit]


def _hits(query: Query, ids: list[int]) -> dict[int, Hit]:
    """Return id → Hit for these entries, which the viewer may read."""
    rows = map(EntryRow._make, db.session.execute(SHOWN, {"ids": ids})) if ids else ()
    return {
        row.id: Hit(
            kind=row.kind,
            id=row.thing_id or row.person_id or 0,
            title=mark(row.title or row.place_title or "", query),
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
