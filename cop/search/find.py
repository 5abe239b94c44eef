"""Search itself: a page of the hits that a person may read, with their excerpts, best first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, func, select

from cop.base.fast.prepared import PreparedQuery
from cop.search import filters
from cop.search.excerpt import Marker
from cop.search.filters import Filters
from cop.search.models import ENTRY
from cop.search.query import Query, terms
from cop.search.ranking import MOST_SHOWN, RankedEntry, rank
from cop.search.reading import ENTRIES, MADE, PLACE, THING, address, among, listed
from cop.society.organisations import Organisation
from cop.society.people import Person
from cop.things import community_of
from cop.threads.models import THREAD

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


def _shown() -> Select[tuple[object, ...]]:
    """Return the statement for what is shown of the entries of `:ids`."""
    return (
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
        .where(ENTRY.c.id.in_(among("ids")))
    )


_SHOWN = PreparedQuery(_shown, EntryRow)

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

    `count` and `more` are as in a `Ranking`; `next` is the value of `after` for the next page; `best`
    is the number of hits on all pages if some are on none; `partial` tells that the hits of a place may be more than its
    `count`.
    """

    query: Query
    filters: Filters
    groups: list[Group]
    count: int = 0
    more: int | None = None
    next: int | None = None
    best: int | None = None
    partial: bool = False

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
    ranking = rank(person, query, narrowed)
    places = _places(ranking.entries)
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
        count=ranking.count,
        more=ranking.more,
        next=upto if upto < len(places) else None,
        best=len(ranking.entries) if ranking.partial or len(ranking.entries) == MOST_SHOWN else None,
        partial=ranking.partial,
    )


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
    mark = Marker(query).mark
    return {
        row.id: Hit(
            kind=row.kind,
            id=row.thing_id or row.person_id or 0,
            title=mark(row.title or row.place_title or ""),
            excerpt=mark(row.plain),
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
        for row in (_SHOWN.rows(ids=listed(ids)) if ids else ())
    }
