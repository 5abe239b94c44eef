"""What narrows a question: the filters of the page and those typed in the query, as what they stand for."""

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
    """What is let through, None where all is; `unknown` are (operator, value) pairs that stand for nothing here."""

    kinds: frozenset[str] | None = None
    audiences: frozenset[int] | None = None  # of communities
    authors: frozenset[int] | None = None
    place: int | None = None
    since: datetime | None = None
    unknown: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return self != Filters()


def read(person: Any, query: Query, *, kind: str | None, community: str | None, place: int | None) -> Filters:
    """The filters of a query, narrowed further by those of the page, as far as this person can see them."""
    unknown: list[tuple[str, str]] = []

    def each(operator: str, values: Iterable[str], found: Any) -> frozenset[Any] | None:
        """What any of the values stands for."""
        meant = {value: found(value) for value in values}
        unknown.extend((operator, value) for value, these in meant.items() if not these)
        return frozenset().union(*meant.values()) if meant else None

    people = _people(person) if query.authors else {}
    kinds = each("type", query.kinds, _kinds)
    communities = each("in", query.places, lambda value: _communities(person, value))
    asked = access.rights(person).communities
    return Filters(
        kinds=_both(kinds, frozenset(entry_kinds(kind)) if kind else None),
        audiences=_both(
            communities, frozenset(c.audience_id for c in asked if c.slug == community) if community else None
        ),
        authors=each("van", query.authors, lambda value: _authors(people, value)),
        place=place,
        since=_midnight(query.since) if query.since else None,
        unknown=tuple(unknown),
    )


def _both(one: frozenset[Any] | None, other: frozenset[Any] | None) -> frozenset[Any] | None:
    if one is None or other is None:
        return other if one is None else one
    return one & other


def _kinds(value: str) -> tuple[str, ...]:
    word = "".join(analyse(value).exact.split())
    name = typed_kinds().get(word)
    return entry_kinds(name) if name else ()


def _communities(person: Any, value: str) -> set[int]:
    """The person's communities with this slug, or whose name has these words, the last one perhaps begun."""
    mine = access.rights(person).communities
    same = {c.audience_id for c in mine if c.slug == value.casefold()}
    return same or {c.audience_id for c in mine if _has(c.name, value)}


def _people(person: Any) -> dict[int, str]:
    """Everybody this person may see, those who left too: what they wrote still stands."""
    seen = select(Person.id, Person.name).where(access.visible_to(person, Person), Person.name != "")
    return {row.id: row.name for row in db.session.execute(seen)}


def _authors(people: dict[int, str], value: str) -> set[int]:
    return {id for id, name in people.items() if _has(name, value)}


def _has(name: str, value: str) -> bool:
    """Whether each word of the value is the beginning of a word of the name."""
    words, asked = analyse(name).exact.split(), analyse(value.replace("-", " ")).exact.split()
    return bool(asked) and all(any(word.startswith(begun) for word in words) for begun in asked)


def _midnight(day: date) -> datetime:
    """When the day began here; no day is so early that it does not exist in UTC."""
    return datetime.combine(max(day, FIRST_DAY), time(), clock.AMSTERDAM).astimezone(UTC)
