"""Which rows a person may see, as SQL, and the lookups that respect it."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar, cast

from sqlalchemy import (
    ColumnElement,
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
from cop.things import Thing, as_read, kinds, reading

T = TypeVar("T")


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
        return Community.id.in_(mine.roles)
    if kind is Programme:
        return or_(Programme.id.in_({c.programme_id for c in mine.communities}), true() if person.is_admin else false())
    if kind is Partnership:
        return or_(
            Partnership.programme_id.in_({c.programme_id for c in mine.communities}),
            true() if person.is_admin else false(),
        )
    if kind is Person:
        return _people(person, mine)
    if kind is Organisation:
        return true()
    raise TypeError(f"nobody said who may see a {kind.__name__}")


def _things(person: Person, mine: Rights, kind: type[Thing]) -> ColumnElement[bool]:
    seen = things_visible(kind, list(mine.roles), mine.curated, person.id)
    # Of which kind they are goes without saying, but the index of a shelf begins with it.
    return seen if kind is Thing else and_(kind.kind == inspect(kind).polymorphic_identity, seen)


def things_visible(kind: Any, mine: Any, curated: Any, person: Any) -> ColumnElement[bool]:
    """Live things of my communities; my own drafts; hidden and trashed ones for who curates or made them.

    A retracted or hidden post keeps its place as a tombstone; that its text is withheld is its partial's matter, so
    only things that stand by themselves (their parent is None) vanish. The values may be bound parameters.
    """
    return and_(
        kind.community_id.in_(mine),
        or_(
            kind.state == "live",
            and_(kind.state.in_(("hidden", "retracted")), kind.parent_id.is_not(None)),
            and_(kind.state.in_(("hidden", "trashed")), kind.community_id.in_(curated)),
            and_(kind.author_id == person, kind.state.in_(("draft", "hidden", "retracted", "trashed"))),
        ),
    )


# Which rows of the spine the one with these rights sees, for questions that are made once.
VISIBLE = things_visible(
    Thing.__table__.c, bindparam("mine", expanding=True), bindparam("curated", expanding=True), bindparam("person")
)


@cache
def _by_id(kind: type[Thing]) -> PreparedQuery:
    """What finds a thing by `:id` for who has these rights."""
    return PreparedQuery(reading(kind).where(Thing.__table__.c.id == bindparam("id"), VISIBLE))


def _people(person: Person, mine: Rights) -> ColumnElement[bool]:
    return true() if person.is_admin else people_visible({c.programme_id for c in mine.communities}, person.id)


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
        mine = rights(person)
        row = _by_id(kind).first(id=id, mine=list(mine.roles), curated=mine.curated, person=person.id)
        found = cast(T, as_read(kind, row)) if row is not None else None
    else:
        wanted = select(kind).where(visible_to(person, kind))
        wanted = wanted.where(kind.id == id) if id is not None else wanted.filter_by(**by)  # type: ignore[attr-defined]
        found = db.session.scalar(wanted)
    if found is None:
        raise NotFound()
    if isinstance(found, Thing) and found.parent_id is not None:
        _open_parent(person, found)
    return found


def rows(person: Any, asked: PreparedQuery, **values: Any) -> list[Any]:
    """The rows that `asked`, which holds `SEEN`, finds for the person."""
    if not getattr(person, "is_authenticated", False):
        raise SignInNeeded()
    mine = rights(person)
    return asked.rows(mine=list(mine.roles), curated=mine.curated, person=person.id, **values)


def find_row(person: Any, asked: PreparedQuery, **values: Any) -> Any:
    """The first of such rows; 404 where there is none."""
    found = rows(person, asked, **values)
    if not found:
        raise NotFound()
    return found[0]


def _open_parent(person: Any, thing: Thing) -> None:
    """What stands in a hidden thread is as hidden as the thread."""
    parent = db.session.get(Thing, thing.parent_id)
    if parent is None or parent.state == "live" or person is SYSTEM:
        return
    if not rights(person).curates(parent.community_id) and parent.author_id != person.id:
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
