"""The order of hits: of a bounded number of candidates, the best first.

The order is a sum of a few points rather than a database's own ranking, so SQLite and PostgreSQL give the same
results and the order can be explained. All words in the title count most, then the words as typed, then their
inflections; matches in parts of compounds come last. At equal points accepted answers and guidance come first, live
chat and people's themes last, and newer before older.

The candidates are the newest of all hits, and the newest of each class that scores higher, so that an old title or
guidance is not lost among many hits. Since each class is a part of all hits, its newest tell which of the newest of all
belong to it, without asking for each. The cost of a search thus has a limit, whatever the size of the index.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import bindparam, case, func, or_, select, type_coerce
from sqlalchemy.types import NullType

from cop.base.fast.prepared import PreparedQuery
from cop.search import fulltext
from cop.search.filters import Filters
from cop.search.fulltext import Asked, Part
from cop.search.models import ENTRY
from cop.search.query import Column, Query
from cop.search.reading import (
    ENTRIES,
    MADE,
    PEOPLE,
    THING,
    among,
    listed,
    people_matching,
    readable,
    reader,
    scope_of,
)
from cop.search.scope import Scope
from cop.society.people import Person
from cop.things import kinds
from cop.threads.models import THREAD

MOST_COUNTED = 1_000
MOST_CANDIDATES = 300  # of all hits, and of each class that scores higher
MOST_OLDER = 100  # guidance
MOST_SHOWN = 200
PER_PLACE = 3  # hits of one thread or chat room on a page
LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)


class Candidate(NamedTuple):
    """A readable entry: the place it is in, when it was made, and the points for what it is."""

    id: int
    place: int
    made: Any  # as the database has it: only its order counts
    worth: int


class RankedEntry(NamedTuple):
    """An entry among the best of its place, which has `here` hits among the candidates."""

    id: int
    place: int
    here: int


@dataclass(frozen=True, slots=True)
class Ranking:
    """The best hits in order, at most `PER_PLACE` of a place; `count` is of all hits, `more` whether there are more.

    partial: some hits were no candidates.
    """

    entries: list[RankedEntry]
    count: int
    more: bool
    partial: bool


@dataclass(slots=True)
class Classes:
    """The ids of the hits by class: the newest of all, and the newest that score for their words or as guidance."""

    all: list[int]
    title: set[int]
    partly_title: set[int]
    typed: set[int]
    inflected: set[int]
    guidance: set[int]

    def candidates(self) -> set[int]:
        """Return the ids of all candidates."""
        newest = self.all[:MOST_CANDIDATES]
        return self.title.union(self.partly_title, self.typed, self.inflected, self.guidance, newest)

    def points(self, id: int) -> int:
        """Return the points of a candidate for its words."""
        return 8 * (id in self.title) + 3 * (id in self.partly_title) + 2 * (id in self.typed) + (id in self.inflected)


def rank(person: Person, query: Query, narrowed: Filters) -> Ranking:
    """Return the best hits that a person may read; files and people are a place each, and with a place filter all."""
    scope = scope_of(person, narrowed)
    found, anybody = _classes(query, scope, narrowed.people)
    people = people_matching(person, Part(query), MOST_CANDIDATES, narrowed) if anybody else []
    rows = _candidates(person, found.candidates().union(people), narrowed)
    rows.sort(key=lambda row: (found.points(row.id) + row.worth, row.made, row.id), reverse=True)
    counted, partial = len(found.all) + len(people), len(found.all) > MOST_CANDIDATES
    return Ranking(
        list(_best(rows, apart=narrowed.place is not None)),
        count=min(counted, MOST_COUNTED) if partial else len(rows),
        more=counted > MOST_COUNTED,
        partial=partial,
    )


def _classes(query: Query, scope: Scope, people: bool) -> tuple[Classes, bool]:
    """Return the classes of the hits among things, and whether there are any among people, if asked."""
    parts, guidance = _parts(query), scope.also(["kguidance"])
    asked = {("all", ""): Asked((Part(query),), scope, MOST_COUNTED + 1)}
    asked |= {(name, ""): Asked(part, scope, MOST_CANDIDATES) for name, part in parts.items()}
    if people:
        asked["people", ""] = Asked((Part(query),), PEOPLE, 1)
    found = _answers(asked)
    if len(found["all", ""]) > MOST_CANDIDATES:
        # Which words an older title or guidance has is not known from the newest hits of all.
        older = {("guidance", ""): Asked((Part(query),), guidance, MOST_OLDER)}
        for name in ("typed", "inflected") if parts else ():
            older[name, "title"] = Asked(parts[name] + parts["title"], scope, MOST_CANDIDATES)
            older[name, "guidance"] = Asked(parts[name], guidance, MOST_OLDER)
        found |= _answers(older)
    classes: dict[str, set[int]] = defaultdict(set)
    for (name, _which), ids in found.items():
        classes[name].update(ids)
    if "partly_title" not in parts:
        classes["partly_title"] = classes["title"]
    names = ("title", "partly_title", "typed", "inflected", "guidance")
    return Classes(found["all", ""], **{name: classes[name] for name in names}), bool(classes["people"])


def _answers(asked: dict[tuple[str, str], Asked]) -> dict[tuple[str, str], list[int]]:
    return dict(zip(asked, fulltext.newest(list(asked.values())), strict=True))


def _parts(query: Query) -> dict[str, tuple[Part, ...]]:
    """Return for each class that scores for its words the condition that a hit is in it; none without words.

    With one word the title has all words or none.
    """
    if not query.wanted:
        return {}
    wanted, refused = query.only(*Column), Query(unwanted=query.unwanted)
    parts = {
        "title": (Part(wanted, title=True), *([Part(refused)] if query.unwanted else [])),
        "typed": (Part(replace(query.only(Column.EXACT), unwanted=query.unwanted)),),
        "inflected": (Part(replace(query.only(Column.EXACT, Column.STEMS), unwanted=query.unwanted)),),
    }
    if len(query.wanted) > 1:
        parts["partly_title"] = (Part(query), Part(wanted.either(), title=True))
    return parts


@cache
def _candidates_statement(guest: bool) -> PreparedQuery[Candidate]:
    """Return the statement for the entries of `:ids` that the reader may read and that were made since `:since`."""
    best = or_(ENTRY.c.kind == "guidance", ENTRY.c.thing_id == THREAD.c.answer_id)
    ranks = [(ENTRY.c.kind == kind.name, kind.rank) for kind in kinds.every() if kind.rank]
    return PreparedQuery(
        lambda: (
            select(
                ENTRY.c.id,
                func.coalesce(THING.c.parent_id, THING.c.id, -ENTRY.c.id).label("place"),
                type_coerce(MADE, NullType).label("made"),
                case((best, 1), (ENTRY.c.kind == "person", -1), *ranks, else_=0).label("worth"),
            )
            .select_from(ENTRIES.outerjoin(THREAD, THREAD.c.id == THING.c.parent_id))
            .where(ENTRY.c.id.in_(among("ids")), readable(guest), MADE.op(">=")(bindparam("since", type_=MADE.type)))
        ),
        Candidate,
    )


def _candidates(person: Person, ids: Iterable[int], narrowed: Filters) -> list[Candidate]:
    """Return those of these entries that the person may read, in no order."""
    given = reader(person)
    since = narrowed.since or LONG_AGO
    return _candidates_statement("guests" in given).rows(**given, ids=listed(ids), since=since)


def _best(rows: list[Candidate], apart: bool) -> Iterator[RankedEntry]:
    """Yield the best of the ordered candidates, no more of a place than are shown; `apart`: each is its own place."""
    here = Counter(-row.id if apart else row.place for row in rows)
    taken: dict[int, int] = defaultdict(int)
    left = MOST_SHOWN
    for row in rows:
        place = -row.id if apart else row.place
        if taken[place] < PER_PLACE and left:
            taken[place] += 1
            left -= 1
            yield RankedEntry(row.id, place, here[place])
