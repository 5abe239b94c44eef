"""Authentication of a request: the person behind a session or token, in one query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    ScalarSelect,
    bindparam,
    or_,
    select,
)
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key

from cop.base import clock
from cop.base.db import UtcDateTime, db
from cop.base.fast import cache_versions
from cop.base.fast.cache_versions import token
from cop.base.fast.prepared import PreparedQuery
from cop.base.fast.rows import attach_row, columns_of
from cop.society.credentials import Session, Token, digest
from cop.society.organisations import SOCIETY, Organisation
from cop.society.people import Person


@dataclass(frozen=True)
class AuthContext:
    """Who is asking, as every request reads it first, in one question.

    `session_id` is negative for an API token; `society` is the stamp under which people and rights may be kept in
    memory; `prefetched` are the numbers that other rooms had read prefetched, by name.
    """

    person: Person
    session_id: int
    society: str | None
    prefetched: dict[str, Any]


_prefetched: dict[str, ScalarSelect[Any]] = {}


def prefetch(name: str, question: ScalarSelect[Any]) -> None:
    """Has `question`, correlated to the person, answered with every request: cheaper than to ask it by itself."""
    _prefetched[name] = question
    _auth_query.cache_clear()


@cache
def _auth_query(kind: type[Session] | type[Token]) -> PreparedQuery:
    unexpired = kind.expires > bindparam("now", type_=UtcDateTime)
    return PreparedQuery(
        select(kind.id, Person.id, token(SOCIETY), *_prefetched.values())
        .join(Person, kind.person_id == Person.id)
        .where(
            kind.key == bindparam("key"),
            kind.epoch == Person.epoch,
            Person.state != "deactivated",
            unexpired if kind is Session else or_(kind.expires.is_(None), unexpired),
        )
    )


class ViewerCache:
    """People as they were read under one stamp and day, for the requests that only read; at most `MOST` of them.

    They belong to no database session: nothing can be changed through them.
    """

    MOST = 2000

    def __init__(self) -> None:
        # Stamp, day and people in one: whoever takes it has people that belong to that stamp.
        self.kept: tuple[str | None, date, dict[int, Person]] = (None, date.min, {})

    def get(self, id: int, society: str | None, to_write: bool) -> Person | None:
        """The person as kept; `to_write` as a row of the running session, in which they can be changed."""
        under, day, people = self.kept
        person = people.get(id) if (under, day) == (society, clock.today()) else None
        if person is None:
            person = self._read(id, society, to_write)
        if person is None or not to_write or person in db.session:
            return person
        mine, theirs = attach_row(Person, columns_of(person)), person.organisation
        set_committed_value(mine, "organisation", attach_row(Organisation, columns_of(theirs)) if theirs else None)
        mine.memo = person.memo  # what is known of them is known of the row
        return mine

    def _read(self, id: int, society: str | None, to_write: bool) -> Person | None:
        before = to_write and db.session.identity_map.get(identity_key(Person, id))
        person = db.session.get(Person, id, populate_existing=True)
        if person is None or society is None or before or cache_versions.has_changes():  # a unit may be rolled back
            return person
        under, day, people = self.kept
        today = clock.today()
        if (under, day) != (society, today) or len(people) >= self.MOST:
            people = {}
            self.kept = (society, today, people)
        if person.organisation is not None:
            db.session.expunge(person.organisation)
        db.session.expunge(person)
        person.memo = {}
        people[id] = person
        return person


viewers = ViewerCache()


def _authenticate(kind: type[Session] | type[Token], secret: str, to_write: bool) -> AuthContext | None:
    row = _auth_query(kind).first(key=digest(secret), now=clock.now())
    person = viewers.get(row[1], row[2], to_write) if row else None
    if row is None or person is None:
        return None
    id = row[0] if kind is Session else -row[0]
    return AuthContext(person, id, row[2], dict(zip(_prefetched, row[3:], strict=True)))


def by_session(secret: str, to_write: bool = True) -> AuthContext | None:
    """Whose session the cookie's secret names, while it holds; who will only read gets a person kept in memory."""
    return _authenticate(Session, secret, to_write)


def by_token(secret: str, to_write: bool = True) -> AuthContext | None:
    """Whose bearer token this is, while it holds."""
    return _authenticate(Token, secret, to_write)
