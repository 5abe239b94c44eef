"""What of the index a person may read: asked of the things and people themselves, inside every query."""

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

# Every entry with the thing it is of and the thread or room that stands in, or with the person.
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
    """The condition on `ENTRIES` that the reader may read one: live things in live places, people who take part.

    Who curates or wrote what is hidden finds it at its place, not here. Values are bound by name, so that statements are
    made once: that takes longer than running them. For a guest it is another one.
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
    """What `readable` is asked with for this person."""
    return {
        **access.bound_rights(person),
        "programmes": access.rights(person).programmes,
        "everybody": bool(person.is_admin),
    }


def passing(filters: Filters, words: bool) -> ColumnElement[bool]:
    """The condition on `ENTRIES` that one passes the filters; people have no author, moment or place.

    words: words are looked for too.
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
