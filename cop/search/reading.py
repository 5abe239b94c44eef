"""The entries of the index a person may read: the scope in which a search matches, and the conditions on what it found."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    Boolean,
    ColumnElement,
    Integer,
    String,
    and_,
    bindparam,
    cast,
    false,
    func,
    not_,
    or_,
    select,
    true,
)

from cop import access
from cop.base import clock
from cop.base.db import db, is_sqlite
from cop.search import fulltext
from cop.search.filters import PERSON as PERSON_KIND
from cop.search.filters import Filters
from cop.search.fulltext import Part
from cop.search.models import ENTRY
from cop.search.scope import Scope, each, months
from cop.society.people import GUEST, Person
from cop.things import Thing, ThingLink, kinds

THING, PERSON = Thing.__table__, Person.__table__
PLACE = THING.alias("place")

# Every entry with its thing and the thread or chat room that is in, or with its person.
ENTRIES = (
    ENTRY.outerjoin(THING, THING.c.id == ENTRY.c.thing_id)
    .outerjoin(PLACE, PLACE.c.id == THING.c.parent_id)
    .outerjoin(PERSON, PERSON.c.id == ENTRY.c.person_id)
)
PEOPLE = Scope((("kperson",),))
MADE = func.coalesce(THING.c.made, PERSON.c.made)


def _some(name: str) -> Any:
    return bindparam(name, expanding=True)


@cache
def readable(guest: bool) -> ColumnElement[bool]:
    """Return the condition that the reader may read an entry: live things in live places, and people who take part.

    Moderators and authors find hidden things at their place, not here. Values are bound by name, so that each statement
    is built only once, which takes longer than running it; it is another one for a guest.
    """
    guests = _some("guests") if guest else []
    return or_(
        and_(
            THING.c.state == "live",
            or_(PLACE.c.id.is_(None), PLACE.c.state == "live"),
            access.things_visible(
                Thing, _some("mine"), _some("curated"), _some("planned"), bindparam("person"), guests
            ),
        ),
        readable_people(),
    )


@cache
def readable_people() -> ColumnElement[bool]:
    """Return the condition that the reader may see the person of an entry, with the values of `reader`."""
    return and_(
        PERSON.c.state != "deactivated",
        PERSON.c.state != GUEST,
        or_(bindparam("everybody", type_=Boolean), access.people_visible(_some("programmes"), bindparam("person"))),
    )


def reader(person: Any) -> dict[str, Any]:
    """Return the bind values of `readable` for this person."""
    return {
        **access.bound_rights(person),
        "programmes": access.rights(person).programmes,
        "everybody": bool(person.is_admin),
    }


def scope_of(person: Person, filters: Filters) -> Scope:
    """Return the scope of the things that a person may read and that pass the filters, time to the month."""
    own = access.rights(person)
    audiences: Iterable[int] = own.roles
    if filters.audiences is not None:
        audiences = filters.audiences & own.roles.keys()
    places = _guest_places(list(own.guests)) if own.guests else []
    scope = Scope(((*each("a", audiences), *each("p", places)),))
    if filters.audiences is not None and places:
        scope = scope.also(each("a", filters.audiences))
    if filters.kinds is not None:
        scope = scope.also(each("k", filters.kinds - {PERSON_KIND}))
    if filters.authors is not None:
        scope = scope.also(each("u", filters.authors))
    if filters.place is not None:
        scope = scope.also([f"p{filters.place}"])
    if filters.since is not None:
        scope = scope.also(months(filters.since, clock.now()))
    return scope


def _guest_places(things: list[int]) -> set[int]:
    """Return the places in which a guest of these things reads something: those of the things and of attached files."""
    link = ThingLink.__table__
    inside = or_(THING.c.id.in_(things), THING.c.parent_id.in_(things))
    attached = select(link.c.to_id).join(THING, THING.c.id == link.c.from_id).where(link.c.kind == "attachment", inside)
    own = select(func.coalesce(THING.c.parent_id, THING.c.id)).where(THING.c.id.in_(things))
    return {*db.session.scalars(own), *db.session.scalars(attached)}


def people_matching(person: Person, part: Part, most: int, filters: Filters | None = None) -> list[int]:
    """Return the newest entries of people that match and pass the filters, whom the person may see.

    Who they may see depends on many memberships, so it is no scope; people are few.
    """
    query, given = part.query, reader(person)
    found: ColumnElement[bool] = true()
    if query.wanted:
        found, given["words"] = fulltext.finds("words"), fulltext.words(query, title=part.title, prefix=part.prefix)
    elif query.unwanted:
        found, given["words"] = not_(fulltext.finds("words")), fulltext.words(query.refused())
    statement = (
        select(ENTRY.c.id)
        .join(PERSON, PERSON.c.id == ENTRY.c.person_id)
        .where(ENTRY.c.kind == PERSON_KIND, readable_people(), found, _taking_part(filters))
        .order_by(ENTRY.c.id.desc())
        .limit(most)
    )
    return list(db.session.scalars(statement, given))


def _taking_part(filters: Filters | None) -> ColumnElement[bool]:
    """Return the condition that a person takes part in one of the audiences that are filtered by, if any."""
    if filters is None or filters.audiences is None:
        return true()
    return or_(false(), *(access.readers_of(id) for id in filters.audiences))


def among(name: str) -> Any:
    """Return the ids bound to this name as `listed`, as a select: a list as one value, so that a statement stays the same."""
    if is_sqlite():
        return select(func.json_each(bindparam(name, type_=String)).table_valued("value").c.value)
    return select(func.unnest(cast(bindparam(name, type_=String), ARRAY(Integer))))


def listed(ids: Iterable[int]) -> str:
    """Return ids as the value of a parameter of `among`."""
    written = ",".join(map(str, ids))
    return f"[{written}]" if is_sqlite() else f"{{{written}}}"


def address(kind: str, id: int) -> str:
    """Return the address of what an entry of this kind is about: of a post its own, not its thread's."""
    return f"/people/{id}" if kind == PERSON_KIND else kinds.of_entry(kind).url(id)
