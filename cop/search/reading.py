"""The entries of the index a person may read, as conditions inside every search query."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Boolean, ColumnElement, and_, bindparam, false, func, or_, true

from cop import access
from cop.search.filters import PERSON as PERSON_KIND
from cop.search.filters import Filters
from cop.search.models import ENTRY
from cop.society.people import Person
from cop.things import Thing, kinds

THING, PERSON = Thing.__table__, Person.__table__
PLACE = THING.alias("place")

# Every entry with its thing and the thread or chat room that is in, or with its person.
ENTRIES = (
    ENTRY.outerjoin(THING, THING.c.id == ENTRY.c.thing_id)
    .outerjoin(PLACE, PLACE.c.id == THING.c.parent_id)
    .outerjoin(PERSON, PERSON.c.id == ENTRY.c.person_id)
)
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
            access.things_visible(Thing, _some("mine"), _some("curated"), bindparam("person"), guests),
        ),
        and_(
            PERSON.c.state != "deactivated",
            or_(bindparam("everybody", type_=Boolean), access.people_visible(_some("programmes"), bindparam("person"))),
        ),
    )


def reader(person: Any) -> dict[str, Any]:
    """Return the bind values of `readable` for this person."""
    return {
        **access.bound_rights(person),
        "programmes": access.rights(person).programmes,
        "everybody": bool(person.is_admin),
    }


def passing(filters: Filters, words: bool) -> ColumnElement[bool]:
    """Return the condition on `ENTRIES` that an entry passes the filters; people have no author, time or place.

    words: whether the query has words too.
    """
    conditions: list[ColumnElement[bool]] = [true()]
    if filters.kinds is not None:
        conditions.append(ENTRY.c.kind.in_(filters.kinds))
    if filters.audiences is not None:
        taking_part = or_(false(), *(access.readers_of(id) for id in filters.audiences))
        conditions.append(or_(THING.c.audience_id.in_(filters.audiences), and_(PERSON.c.id.is_not(None), taking_part)))
    if filters.authors is not None:
        # By the index of authors SQLite would go through all that has the words once for each of their posts.
        author = func.coalesce(THING.c.author_id, 0) if words else THING.c.author_id
        conditions.append(author.in_(filters.authors))
    if filters.place is not None:
        conditions.append(or_(THING.c.id == filters.place, PLACE.c.id == filters.place))
    if filters.since is not None:
        conditions.append(THING.c.made >= filters.since)
    return and_(*conditions)


def address(kind: str, id: int) -> str:
    """Return the address of what an entry of this kind is about: of a post its own, not its thread's."""
    return f"/people/{id}" if kind == PERSON_KIND else kinds.of_entry(kind).url(id)
