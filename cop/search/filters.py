"""Filters of a search: those of the page and those typed in the query."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import select

from cop import access
from cop.base import clock
from cop.base.db import db
from cop.search.analyse import analyse
from cop.search.query import Query
from cop.society.people import Person
from cop.things import kinds

PERSON = "person"
PERSON_TYPED = "deelnemer deelnemers mens mensen persoon personen naam person people"
FIRST_DAY = date(1900, 1, 1)


def entry_kinds(name: str) -> tuple[str, ...]:
    """Return the kinds of entries that a filter lets through."""
    return kinds.entry_kinds(name)


def filter_names() -> list[str]:
    """Return the kinds that can be filtered by: of things, their subkinds, and people."""
    found = [kind for kind in kinds.every() if kind.index is not None]
    return [*(kind.name for kind in found), *(sub for kind in found for sub in kind.subkinds), PERSON]


def typed_kinds() -> dict[str, str]:
    """Return the filter for each word that people type after `type:`, in any language."""
    typed = {PERSON: PERSON_TYPED}
    for kind in kinds.every():
        typed |= {kind.name: kind.typed, **kind.subkinds}
    return {word: name for name, words in typed.items() for word in words.split()}


@dataclass(frozen=True, slots=True)
class Filters:
    """The filters of a search, None where nothing is filtered.

    `unknown` holds the (operator, value) pairs that match nothing here.
    """

    kinds: frozenset[str] | None = None
    audiences: frozenset[int] | None = None  # of communities
    authors: frozenset[int] | None = None
    place: int | None = None
    since: datetime | None = None
    unknown: tuple[tuple[str, str], ...] = ()

    @property
    def people(self) -> bool:
        """Whether people can pass: they have no author, place or time."""
        return (self.kinds is None or PERSON in self.kinds) and self.authors is self.place is self.since is None

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
        kinds=_intersection(kinds, frozenset(entry_kinds(kind)) if kind else None),
        audiences=_intersection(
            communities, frozenset(c.audience_id for c in visible if c.slug == community) if community else None
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
    name = typed_kinds().get(word)
    return entry_kinds(name) if name else ()


def _communities(person: Any, value: str) -> set[int]:
    """Return the audiences of the person's communities with this slug, or whose name has these words or prefixes of words."""
    own = access.rights(person).communities
    by_slug = {c.audience_id for c in own if c.slug == value.casefold()}
    return by_slug or {c.audience_id for c in own if _has(c.name, value)}


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
