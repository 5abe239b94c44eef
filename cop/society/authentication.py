"""Authentication of a request: one query reads the person behind a session cookie or bearer token."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ScalarSelect,
    bindparam,
    or_,
    select,
)

from cop.base import clock
from cop.base.db import UtcDateTime, db
from cop.base.fast import cache_versions
from cop.base.fast.cache_versions import token
from cop.base.fast.prepared import PreparedQuery
from cop.base.fast.rows import attach_row, columns_of, loaded_row, set_loaded
from cop.society.credentials import Session, Token, digest
from cop.society.organisations import SOCIETY
from cop.society.people import GUEST, Person


@dataclass(frozen=True)
class AuthContext:
    """The authenticated person of a request, with what the same query read.

    `session_id` is negative for an API token; `cache_token` is the version under which people and rights may be cached;
    `prefetched` holds the values registered with `prefetch`, by name.
    """

    person: Person
    session_id: int
    cache_token: str | None
    prefetched: dict[str, Any]


_prefetched: dict[str, ScalarSelect[Any]] = {}


def prefetch(name: str, subquery: ScalarSelect[Any]) -> None:
    """Add a scalar subquery, correlated to the person, to the query that authenticates every request.

    Cheaper than a query of its own.
    """
    _prefetched[name] = subquery
    _auth_query.cache_clear()


class _Found(NamedTuple):
    """The columns that `_auth_query` always returns; those of `prefetch` follow."""

    session_id: int
    person_id: int
    society: str | None


@cache
def _auth_query(kind: type[Session] | type[Token]) -> PreparedQuery[Any]:
    unexpired = kind.expires > bindparam("now", type_=UtcDateTime)
    return PreparedQuery(
        select(kind.id, Person.id, token(SOCIETY), *_prefetched.values())
        .join(Person, kind.person_id == Person.id)
        .where(
            kind.key == bindparam("key"),
            kind.epoch == Person.epoch,
            Person.state != "deactivated",
            Person.state != GUEST,
            unexpired if kind is Session else or_(kind.expires.is_(None), unexpired),
        )
    )


class ViewerCache:
    """Cache of people for requests that only read, at most `MOST`, under one cache token and day.

    The people are detached from any database session, so nothing can be changed through them.
    """

    MOST = 2000

    def __init__(self) -> None:
        self.most = self.MOST  # 0 to cache nobody
        # One tuple, replaced as a whole: a thread that reads it gets people of that token and day.
        self.kept: tuple[str | None, date, dict[int, Person]] = (None, date.min, {})

    def get(self, id: int, cache_token: str | None, to_write: bool) -> Person | None:
        """Return the cached person or, with `to_write`, a row of the running session that can be changed."""
        cached_token, day, people = self.kept
        person = people.get(id) if (cached_token, day) == (cache_token, clock.today()) else None
        if person is None:
            person = self._read(id, cache_token, to_write)
        if person is None or not to_write or person in db.session:
            return person
        row = attach_row(Person, columns_of(person))
        if person.organisation_id is None:
            set_loaded(row, "organisation", None)  # another one is read when somebody asks for it
        row.memo = person.memo  # cached rights hold for the row too
        return row

    def _read(self, id: int, cache_token: str | None, to_write: bool) -> Person | None:
        before = to_write and loaded_row(Person, id)
        person = db.session.get(Person, id, populate_existing=True)
        # A person changed by this transaction is not cached: it may be rolled back.
        if person is None or cache_token is None or before or not self.most or cache_versions.has_changes():
            return person
        cached_token, day, people = self.kept
        today = clock.today()
        if (cached_token, day) != (cache_token, today) or len(people) >= self.most:
            people = {}
            self.kept = (cache_token, today, people)
        if person.organisation is not None:
            db.session.expunge(person.organisation)
        db.session.expunge(person)
        person.memo = {}
        people[id] = person
        return person


viewers = ViewerCache()


def _authenticate(kind: type[Session] | type[Token], secret: str, to_write: bool) -> AuthContext | None:
    row = _auth_query(kind).first(key=digest(secret), now=clock.now())
    if row is None:
        return None
    found = _Found(*row[:3])
    person = viewers.get(found.person_id, found.society, to_write)
    if person is None:
        return None
    id = found.session_id if kind is Session else -found.session_id
    return AuthContext(person, id, found.society, dict(zip(_prefetched, row[3:], strict=True)))


def by_session(secret: str, to_write: bool = True) -> AuthContext | None:
    """Return the context of the session whose cookie holds `secret`, None when it is unknown or expired.

    With `to_write` the person is a row of the session, otherwise a cached, detached one.
    """
    return _authenticate(Session, secret, to_write)


def by_token(secret: str, to_write: bool = True) -> AuthContext | None:
    """Return the context of this bearer token, None when it is unknown or expired."""
    return _authenticate(Token, secret, to_write)
