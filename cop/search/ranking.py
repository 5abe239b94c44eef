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
from dataclasses import dataclass, field, replace
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

MOST_COUNTED = 1_000  # where hits are close together; otherwise those beyond the candidates take too long to count
DENSE = 20  # entries for each hit
MOST_SHOWN = 200
MOST_CANDIDATES = 250  # of all hits
# And of each class that scores higher. Titles beyond those that can be shown need no points.
MOST = {
    "title": MOST_SHOWN,
    "partly_title": 100,
    "typed": MOST_CANDIDATES,
    "inflected": MOST_CANDIDATES,
    "guidance": 100,
}
GUIDANCE = ("kcard", "kguidance")  # the scopes of guidance, and of threads of that kind
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
    """The best hits in order, at most `PER_PLACE` of a place.

    `count` is of all hits; if they were too many to count there are `more` than this number. `partial`: some hits were no
    candidates.
    """

    entries: list[RankedEntry]
    count: int
    more: int | None
    partial: bool


@dataclass(slots=True)
class Classes:
    """The ids of the hits by class: the newest of all, and the newest that score for their words or as guidance."""

    all: list[int]
    title: set[int]
    partly_title: set[int]
    typed: set[int]
    guidance: set[int]
    inflected: set[int] = field(default_factory=set)

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
    partial = len(found.all) > MOST_CANDIDATES
    return Ranking(
        list(_best(rows, apart=narrowed.place is not None)),
        count=len(found.all) + len(people) if partial else len(rows),
        more=next((limit for limit in (MOST_COUNTED, MOST_CANDIDATES) if len(found.all) == limit + 1), None),
        partial=partial,
    )


def _classes(query: Query, scope: Scope, people: bool) -> tuple[Classes, bool]:
    """Return the classes of the hits among things, and whether there are any among people, if asked."""
    parts, guidance = _parts(query), scope.also(GUIDANCE)
    asked = {"all": Asked((Part(query),), scope, MOST_CANDIDATES + 1)}
    asked |= {
        name: Asked(parts[name], scope, MOST[name]) for name in ("title", "partly_title", "typed") if name in parts
    }
    asked["guidance"] = Asked((Part(query),), guidance, MOST["guidance"])
    if people:
        asked["people"] = Asked((Part(query),), PEOPLE, 1)
    found = _answers(asked)
    classes = Classes(
        all=found["all"],
        title=set(found.get("title", ())),
        partly_title=set(found.get("partly_title", found.get("title", ()))),
        typed=set(found.get("typed", ())),
        guidance=set(found["guidance"]),
    )
    _complete(query, classes, parts, scope)
    return classes, bool(found.get("people"))


def _complete(query: Query, classes: Classes, parts: dict[str, tuple[Part, ...]], scope: Scope) -> None:
    """Add which candidates have the words as typed or inflected, where the newest that do have not told, and count on."""
    unclear = classes.candidates() - classes.typed if parts else set()
    asked = {"inflected": Asked(parts["inflected"], scope, MOST["inflected"])} if unclear else {}
    if len(classes.all) > MOST_CANDIDATES:
        if classes.all[0] - classes.all[-1] < DENSE * MOST_CANDIDATES:
            asked["all"] = Asked((Part(query),), scope, MOST_COUNTED + 1)
        guidance = scope.also(GUIDANCE)
        for name in ("typed", "inflected"):  # an old title or guidance comes after the newest of all
            if unclear & classes.title:
                asked[f"{name} title"] = Asked(parts[name] + parts["title"], scope, MOST["title"])
            if unclear & classes.guidance:
                asked[f"{name} guidance"] = Asked(parts[name], guidance, MOST["guidance"])
    for name, ids in _answers(asked).items():
        if name == "all":
            classes.all = ids
        else:
            (classes.typed if name.startswith("typed") else classes.inflected).update(ids)
    classes.inflected |= classes.typed


def _answers(asked: dict[str, Asked]) -> dict[str, list[int]]:
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
