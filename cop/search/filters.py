"""Filters of a search: those of the page and those typed in the query."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Literal, get_args

from sqlalchemy import select

from cop import access
from cop.base import clock
from cop.base.db import db
from cop.search.analyse import analyse
from cop.search.query import Query
from cop.society.people import Person

Kind = Literal["thread", "question", "experience", "guidance", "announcement", "post", "file", "message", "person"]
THREADS = ("question", "experience", "guidance", "announcement")
FIRST_DAY = date(1900, 1, 1)

# A filter → the kinds of entries it matches.
OF_KIND: dict[str, tuple[str, ...]] = {kind: (kind,) for kind in get_args(Kind)} | {"thread": (*THREADS, "post")}
# Words to type after `type:`, in either language.
TYPED = {
    "thread": "gesprek gesprekken thread threads topic",
    "question": "vraag vragen question questions",
    "experience": "ervaring ervaringen praktijkervaring praktijkervaringen experience experiences",
    "guidance": "handreiking handreikingen guidance",
    "announcement": "aankondiging aankondigingen announcement announcements",
    "post": "reactie reacties bericht berichten antwoord antwoorden reply replies post posts",
    "file": "document documenten bestand bestanden file files",
    "message": "chat live livegesprek chatbericht chatberichten message messages",
    "person": "deelnemer deelnemers mens mensen persoon personen naam person people",
}
TYPED_KINDS = {word: kind for kind, words in TYPED.items() for word in words.split()}


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters of a search, None where nothing is filtered.

    `unknown` holds the (operator, value) pairs that match nothing here.
    """

    kinds: frozenset[str] | None = None
    communities: frozenset[int] | None = None
    authors: frozenset[int] | None = None
    place: int | None = None
    since: datetime | None = None
    unknown: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return self != Filters()


def read(person: Any, query: Query, *, kind: str | None, community: str | None, place: int | None) -> Filters:
    """Return the filters of a query combined with those of the page, as far as this person can see them."""
    unknown: list[tuple[str, str]] = []

    def resolve(operator: str, values: Iterable[str], found: Any) -> frozenset[Any] | None:
        """Return the union of what the values match; note the values that match nothing."""
        matches = {value: found(value) for value in values}
        unknown.extend((operator, value) for value, match in matches.items() if not match)
        return frozenset().union(*matches.values()) if matches else None

    people = _people(person) if query.authors else {}
    kinds = resolve("type", query.kinds, _kinds)
    communities = resolve("in", query.places, lambda value: _communities(person, value))
    visible = access.rights(person).communities
    return Filters(
        kinds=_intersection(kinds, frozenset(OF_KIND[kind]) if kind else None),
        communities=_intersection(
            communities, frozenset(c.id for c in visible if c.slug == community) if community else None
        ),
        authors=resolve("van", query.authors, lambda value: _authors(people, value)),
        place=place,
        since=_midnight(query.since) if query.since else None,
        unknown=tuple(unknown),
    )


def _intersection(one: frozenset[Any] | None, other: frozenset[Any] | None) -> frozenset[Any] | None:
    if one is None or other is None:
        return other if one is None else one
    return one & other


def _kinds(value: str) -> tuple[str, ...]:
    word = "".join(analyse(value).exact.split())
    return OF_KIND[TYPED_KINDS[word]] if word in TYPED_KINDS else ()


def _communities(person: Any, value: str) -> set[int]:
    """Return the person's communities with this slug, or whose name has these words or prefixes of words."""
    own = access.rights(person).communities
    by_slug = {c.id for c in own if c.slug == value.casefold()}
    return by_slug or {c.id for c in own if _has(c.name, value)}


def _people(person: Any) -> dict[int, str]:
    """Return the people this person may see, former ones too, since their contributions remain."""
    visible = select(Person.id, Person.name).where(access.visible_to(person, Person), Person.name != "")
    return {row.id: row.name for row in db.session.execute(visible)}


def _authors(people: dict[int, str], value: str) -> set[int]:
    return {id for id, name in people.items() if _has(name, value)}


def _has(name: str, value: str) -> bool:
    """Return whether each word of the value starts a word of the name."""
    words, prefixes = analyse(name).exact.split(), analyse(value.replace("-", " ")).exact.split()
    return bool(prefixes) and all(any(word.startswith(prefix) for word in words) for prefix in prefixes)


def _midnight(day: date) -> datetime:
    """Return the start of the day in Amsterdam, as UTC; days before 1900 count as 1900, which UTC can represent."""
    return datetime.combine(max(day, FIRST_DAY), time(), clock.AMSTERDAM).astimezone(UTC)
