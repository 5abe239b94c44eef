"""Which rows a person may see, as SQL, and the lookups that respect it."""

from __future__ import annotations

from functools import cache
from typing import Any, Generic, TypeVar, cast, overload

from sqlalchemy import (
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
Row = TypeVar("Row", bound=tuple[Any, ...])


def visible_to(person: Any, kind: type[Any]) -> ColumnElement[bool]:
    """The rows of `kind` that a person may see, as SQL: lists, search, sockets and mail ask nothing else."""
    if person is SYSTEM:
        return true()
    if not getattr(person, "is_authenticated", False):
        return false()
    mine = rights(person)
    if issubclass(kind, Thing):
        return _things(person, mine, kind)
    if kind is Community:
        return Community.id.in_([c.id for c in mine.communities])
    if kind is Programme:
        return or_(Programme.id.in_(mine.programmes), true() if person.is_admin else false())
    if kind is Partnership:
        return or_(
            Partnership.programme_id.in_(mine.programmes),
            Partnership.id.in_([row.id for row in mine.audiences.values() if row.kind == "partnership"]),
            true() if person.is_admin else false(),
        )
    if kind is Person:
        return _people(person, mine)
    if kind is Organisation:
        return true()
    raise TypeError(f"nobody said who may see a {kind.__name__}")


def _things(person: Person, mine: Rights, kind: type[Thing]) -> ColumnElement[bool]:
    seen = things_visible(kind, list(mine.roles), mine.curated, person.id, list(mine.guests))
    # Of which kind they are goes without saying, but the index of a shelf begins with it.
    return seen if kind is Thing else and_(kind.kind == inspect(kind).polymorphic_identity, seen)


def things_visible(kind: Any, mine: Any, curated: Any, person: Any, guests: Any) -> ColumnElement[bool]:
    """Live things of my audiences and those of which I am a guest; my own drafts; hidden and trashed ones for who
    curates or made them.

    A retracted or hidden post keeps its place as a tombstone; that its text is withheld is its partial's matter, so
    only things that stand by themselves (their parent is None) vanish. The values may be bound parameters.
    """
    return and_(
        _stands_for(kind, mine, guests),
        or_(
            kind.state == "live",
            and_(kind.state.in_(("hidden", "retracted")), kind.parent_id.is_not(None)),
            and_(kind.state.in_(("hidden", "trashed")), kind.audience_id.in_(curated)),
            and_(kind.author_id == person, kind.state.in_(("draft", "hidden", "retracted", "trashed"))),
        ),
    )


def _stands_for(kind: Any, mine: Any, guests: Any) -> ColumnElement[bool]:
    """Return the condition that a thing is one of these audiences, or that a guest may read it.

    A guest reads the thing itself, what stands in it, and the files attached to that. A document that stayed behind when
    its thread moved is of another audience, and not theirs to read.
    """
    audience = cast("ColumnElement[bool]", kind.audience_id.in_(mine))
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
    return or_(audience, kind.id.in_(guests), kind.parent_id.in_(guests), kind.id.in_(attached))


def _some(name: str) -> Any:
    return bindparam(name, expanding=True)


def _visible(guest: bool) -> ColumnElement[bool]:
    """Return the condition that the person with the bound rights sees a thing."""
    guests = _some("guests") if guest else []
    return things_visible(Thing.__table__.c, _some("mine"), _some("curated"), bindparam("person"), guests)


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


def _people(person: Person, mine: Rights) -> ColumnElement[bool]:
    return true() if person.is_admin else people_visible(mine.programmes, person.id)


def people_visible(programmes: Any, person: Any) -> ColumnElement[bool]:
    """Myself, and who shares a programme with me; an administrator sees everybody. The values may be bound."""
    shared = (
        select(Membership.person_id)
        .join(Community, Community.id == Membership.community_id)
        .where(Community.programme_id.in_(programmes))
    )
    team = select(TeamMember.person_id).where(TeamMember.programme_id.in_(programmes))
    return or_(Person.id == person, Person.id.in_(shared), Person.id.in_(team))


def find(person: Any, kind: type[T], id: int | None = None, **by: Any) -> T:
    """The thing with this id (or these fields) that the person may see; 404 otherwise, whatever the reason."""
    if person is not SYSTEM and not getattr(person, "is_authenticated", False):
        raise SignInNeeded()
    if id is not None and person is not SYSTEM and issubclass(kind, Thing) and kind is not Thing:
        seen = _by_id(kind).rows(person, id=id)
        found = cast(T, as_read(kind, seen[0])) if seen else None
    else:
        wanted = select(kind).where(visible_to(person, kind))
        wanted = wanted.where(kind.id == id) if id is not None else wanted.filter_by(**by)  # type: ignore[attr-defined]
        found = db.session.scalar(wanted)
    if found is None:
        raise NotFound()
    if isinstance(found, Thing) and found.parent_id is not None:
        _open_parent(person, found)
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


def _open_parent(person: Any, thing: Thing) -> None:
    """What stands in a hidden thread is as hidden as the thread."""
    parent = db.session.get(Thing, thing.parent_id)
    if parent is None or parent.state == "live" or person is SYSTEM:
        return
    if not rights(person).curates(parent.audience_id) and parent.author_id != person.id:
        raise NotFound()


def place(person: Any, name: str) -> int | None:
    """The last seq of a live place (`thread:7`, `room:2`, `page:3`) for who may be there, else None."""
    kind, _colon, id = name.partition(":")
    if not id.isdecimal() or len(id) > 9 or kind not in kinds.names(lambda one: one.live):
        return None
    try:
        thing = find(person, Thing, int(id))
    except NotFound:
        return None
    return thing.last_seq if thing.kind == kind else None
