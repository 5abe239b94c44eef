"""Which rows a person may see, as SQL, and the lookups that respect it."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import Any, Generic, TypeVar, cast, overload

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    false,
    inspect,
    or_,
    select,
    true,
)

from cop.access.rights import SYSTEM, Rights, rights
from cop.base.db import db
from cop.base.errors import NotFound, SignInNeeded
from cop.base.fast.prepared import PreparedQuery
from cop.society.memberships import Membership, TeamMember
from cop.society.organisations import Organisation
from cop.society.people import Person
from cop.society.programmes import Community, Partnership, Programme
from cop.things import Thing, ThingLink, as_read, kinds, reading

T = TypeVar("T")
Ids = Collection[int] | BindParameter[Any]
Row = TypeVar("Row", bound=tuple[Any, ...])


def visible_to(person: Person, kind: type[object]) -> ColumnElement[bool]:
    """Return the condition that a person may see a row of `kind`; lists, search, sockets and mail use it."""
    if person is SYSTEM:
        return true()
    if not getattr(person, "is_authenticated", False):
        return false()
    own = rights(person)
    if issubclass(kind, Thing):
        return _things(person, own, kind)
    if kind is Community:
        return Community.id.in_([c.id for c in own.communities])
    if kind is Programme:
        return or_(Programme.id.in_(own.programmes), true() if person.is_admin else false())
    if kind is Partnership:
        return or_(
            Partnership.programme_id.in_(own.programmes),
            Partnership.id.in_([row.id for row in own.audiences.values() if row.kind == "partnership"]),
            true() if person.is_admin else false(),
        )
    if kind is Person:
        return true() if person.is_admin else people_visible(own.programmes, person.id)
    if kind is Organisation:
        return true()
    raise TypeError(f"no rule says who may see a {kind.__name__}")


def _things(person: Person, own: Rights, kind: type[Thing]) -> ColumnElement[bool]:
    seen = things_visible(kind, list(own.roles), own.curated, person.id, list(own.guests))
    # The table implies the kind, but the index on audience, kind and state needs it.
    return seen if kind is Thing else and_(kind.kind == inspect(kind).polymorphic_identity, seen)


def things_visible(
    columns: Any, audiences: Ids, curated: Ids, person: int | BindParameter[Any], guests: Ids
) -> ColumnElement[bool]:
    """Return the condition that a person may see a thing.

    They see live things of their audiences and those of which they are a guest, their own drafts, and the hidden and
    trashed things that they made or curate. A retracted or hidden post keeps its place as a tombstone, whose template
    leaves out the text, so only things without a parent vanish.

    columns: a model of things, or the columns of its table. The other values may be bound parameters.
    """
    return and_(
        _in_audience(columns, audiences, guests),
        or_(
            columns.state == "live",
            and_(columns.state.in_(("hidden", "retracted")), columns.parent_id.is_not(None)),
            and_(columns.state.in_(("hidden", "trashed")), columns.audience_id.in_(curated)),
            and_(columns.author_id == person, columns.state.in_(("draft", "hidden", "retracted", "trashed"))),
        ),
    )


def _in_audience(columns: Any, audiences: Ids, guests: Ids) -> ColumnElement[bool]:
    """Return the condition that a thing is of one of these audiences, or that a guest may read it.

    A guest reads the thing itself, its posts, and the files attached to those. A document that stayed behind when its
    thread moved is of another audience, and a guest may not read it.
    """
    audience = cast("ColumnElement[bool]", columns.audience_id.in_(audiences))
    if guests == []:
        return audience
    host, file, link = Thing.__table__.alias("host"), Thing.__table__.alias("attached_file"), ThingLink.__table__
    attached = (
        select(link.c.to_id)
        .join(host, host.c.id == link.c.from_id)
        .join(file, (file.c.id == link.c.to_id) & (file.c.audience_id == host.c.audience_id))
        .where(
            link.c.kind == "attachment",
            host.c.state == "live",
            or_(host.c.id.in_(guests), host.c.parent_id.in_(guests)),
        )
    )
    return or_(audience, columns.id.in_(guests), columns.parent_id.in_(guests), columns.id.in_(attached))


def _visible(guest: bool) -> ColumnElement[bool]:
    """Return the condition that the person with the bound rights may see a thing."""
    guests: Ids = _list("guests") if guest else []
    return things_visible(Thing.__table__.c, _list("mine"), _list("curated"), bindparam("person"), guests)


def _list(name: str) -> BindParameter[Any]:
    return bindparam(name, expanding=True)


class VisibleQuery(Generic[Row]):
    """A prepared query on `thing`, narrowed to the rows that a person may see.

    row: as for a PreparedQuery. There are two variants, since almost nobody is a guest: the query plans of all others
    stay simple.
    """

    @overload
    def __init__(self: VisibleQuery[Any], query: Select[Any]) -> None: ...
    @overload
    def __init__(self, query: Select[Any], row: type[Row]) -> None: ...
    def __init__(self, query: Select[Any], row: type[Row] | None = None) -> None:
        self.variants: dict[bool, PreparedQuery[Row]] = {
            guest: PreparedQuery(query.where(_visible(guest)), *([row] if row else [])) for guest in (False, True)
        }

    def rows(self, person: Person, **given: object) -> list[Row]:
        """Return all rows that the person may see."""
        bound = bound_rights(person)
        return self.variants["guests" in bound].rows(**bound, **given)


def bound_rights(person: Person) -> dict[str, object]:
    """Return the rights of a person as the values of a statement; `guests` only for a guest."""
    own = rights(person)
    given: dict[str, object] = {"mine": list(own.roles), "curated": own.curated, "person": person.id}
    return {**given, "guests": list(own.guests)} if own.guests else given


@cache
def _by_id(kind: type[Thing]) -> VisibleQuery[Any]:
    """Return the query for one visible thing by `:id`."""
    return VisibleQuery(reading(kind).where(Thing.__table__.c.id == bindparam("id")))


def people_visible(programmes: Ids, person: int | BindParameter[Any]) -> ColumnElement[bool]:
    """Return the condition that a person may see another: themselves, and those who share a programme with them.

    The values may be bound parameters.
    """
    shared = (
        select(Membership.person_id)
        .join(Community, Community.id == Membership.community_id)
        .where(Community.programme_id.in_(programmes))
    )
    team = select(TeamMember.person_id).where(TeamMember.programme_id.in_(programmes))
    return or_(Person.id == person, Person.id.in_(shared), Person.id.in_(team))


def find(person: Person, kind: type[T], id: int | None = None, **by: object) -> T:
    """Return the thing with this id (or these fields); raise NotFound unless it exists and the person may see it."""
    if person is not SYSTEM and not getattr(person, "is_authenticated", False):
        raise SignInNeeded()
    if id is not None and person is not SYSTEM and issubclass(kind, Thing) and kind is not Thing:
        seen = _by_id(kind).rows(person, id=id)
        found = cast(T, as_read(kind, seen[0])) if seen else None
    else:
        query = select(kind).where(visible_to(person, kind))
        query = query.where(kind.id == id) if id is not None else query.filter_by(**by)  # type: ignore[attr-defined]
        found = db.session.scalar(query)
    if found is None:
        raise NotFound()
    if isinstance(found, Thing) and found.parent_id is not None:
        _check_parent(person, found)
    return found


def rows(person: Person, query: VisibleQuery[Row], **values: object) -> list[Row]:
    """Return the rows of a query that the person may see; raise SignInNeeded unless they are signed in."""
    if not getattr(person, "is_authenticated", False):
        raise SignInNeeded()
    return query.rows(person, **values)


def find_row(person: Person, query: VisibleQuery[Row], **values: object) -> Row:
    """Return the first row of a query that the person may see; raise NotFound if there is none."""
    found = rows(person, query, **values)
    if not found:
        raise NotFound()
    return found[0]


def _check_parent(person: Person, thing: Thing) -> None:
    """Raise NotFound for a post in a thread that is hidden from the person."""
    parent = db.session.get(Thing, thing.parent_id)
    if parent is None or parent.state == "live" or person is SYSTEM:
        return
    if not rights(person).curates(parent.audience_id) and parent.author_id != person.id:
        raise NotFound()


def place(person: Person, name: str) -> int | None:
    """Return the last seq of a live place (`thread:7`, `room:2`, `page:3`), None unless the person may join it."""
    kind, _colon, id = name.partition(":")
    if not id.isdecimal() or len(id) > 9 or kind not in kinds.names(lambda one: one.live):
        return None
    try:
        thing = find(person, Thing, int(id))
    except NotFound:
        return None
    return thing.last_seq if thing.kind == kind else None
