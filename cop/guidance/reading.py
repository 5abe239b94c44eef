"""What pages and the API read of guidance: lists, sources with what their readers may see, and where a thing is used."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, Select, bindparam, func, or_, select, tuple_, union

from cop import access
from cop.base.db import db
from cop.base.fast.prepared import PreparedQuery
from cop.base.web import Slice
from cop.base.web.pagination import decode_cursor, encode_cursor
from cop.guidance.models import CARD, PAGE, SOURCE, THING, Card
from cop.society.organisations import Organisation
from cop.society.people import Person
from cop.things import ThingLink, kinds

PERSON, ORGANISATION, LINK = Person.__table__, Organisation.__table__, ThingLink.__table__
_PLACE, _CARD_THING = THING.alias("place"), THING.alias("card_thing")
NAMED = 5  # cards on the page of a source


class ListedCard(NamedTuple):
    """Guidance in a list; `waiting` is the number of its sources of which something changed."""

    id: int
    audience_id: int
    title: str
    status: str
    number: int
    made: datetime
    adopted: datetime | None
    review_by: date | None
    owner_id: int | None
    owner_name: str
    waiting: int

    @property
    def url(self) -> str:
        return f"/guidance/{self.id}"


def _listed() -> Select[Any]:
    waiting = (
        select(func.count())
        .select_from(SOURCE)
        .where(SOURCE.c.card_id == CARD.c.id, SOURCE.c.mark != "", SOURCE.c.left.is_(None))
        .correlate(CARD)
        .scalar_subquery()
    )
    columns: list[ColumnElement[Any]] = [
        THING.c.id,
        THING.c.audience_id,
        THING.c.title,
        CARD.c.status,
        CARD.c.number,
        THING.c.made,
        CARD.c.adopted,
        CARD.c.review_by,
        CARD.c.owner_id,
        func.coalesce(PERSON.c.name, "").label("owner_name"),
        waiting.label("waiting"),
    ]
    return (
        select(*columns)
        .select_from(CARD.join(THING, THING.c.id == CARD.c.id).outerjoin(PERSON, PERSON.c.id == CARD.c.owner_id))
        .where(THING.c.kind == "card", THING.c.state == "live")
    )


def cards(
    person: Person, audience_id: int, *, status: str = "", after: str = "", limit: int = PAGE
) -> Slice[ListedCard]:
    """Return a page of the guidance of an audience, the newest first."""
    query = _listed().where(THING.c.audience_id == audience_id, access.visible_to(person, Card))
    if status == "adopted":  # also while it is revised
        query = query.where(CARD.c.number > 0, CARD.c.status != "expired")
    elif status:
        query = query.where(CARD.c.status == status)
    if after:
        query = query.where(tuple_(THING.c.made, THING.c.id) < tuple_(*decode_cursor(after)))
    query = query.order_by(THING.c.made.desc(), THING.c.id.desc()).limit(limit + 1)
    rows = [ListedCard(*row) for row in db.session.execute(query)]
    items = rows[:limit]
    return Slice(items, next=encode_cursor(items[-1].made, items[-1].id) if len(rows) > limit else None)


def open_cards(person: Person, audience_id: int) -> list[ListedCard]:
    """Return the guidance of an audience that a person writes now: their own, and for moderators all of it."""
    query = _listed().where(
        THING.c.audience_id == audience_id,
        CARD.c.status.in_(("draft", "review")),
        access.visible_to(person, Card),
    )
    if not access.rights(person).plans(audience_id):
        query = query.where(CARD.c.owner_id == person.id)
    return [ListedCard(*row) for row in db.session.execute(query.order_by(THING.c.id.desc()).limit(50))]


def replacements(card: Card) -> list[tuple[int, str]]:
    """Return the adopted guidance that can replace a card."""
    query = _listed().where(THING.c.audience_id == card.audience_id, CARD.c.status == "adopted", CARD.c.id != card.id)
    return [(row.id, row.title) for row in db.session.execute(query.order_by(THING.c.title, THING.c.id).limit(200))]


# Sources


class SourceRow(NamedTuple):
    """A source as everybody in the audience of its card sees it.

    readable: whether they see the source itself. `author_name` is "" for somebody who left, and for who withdrew their name.
    """

    id: int
    thing_id: int
    kind: str
    section: str
    excerpt: str
    mark: str
    named: bool
    author_id: int | None
    author_name: str
    author_role: str
    organisation: str
    made: datetime
    title: str
    place_kind: str | None
    place_title: str | None
    left: datetime | None
    readable: bool

    @property
    def url(self) -> str:
        return f"/guidance/sources/{self.id}"

    @property
    def source_url(self) -> str:
        """The address of the source, "" where readers do not see it."""
        return kinds.url(self.kind, self.thing_id) if self.readable else ""

    @property
    def words(self) -> str:
        """The words that were carried over, while they still stand there."""
        return self.excerpt if self.readable and not self.mark else ""


_SOURCES = PreparedQuery(
    select(
        SOURCE.c.id,
        SOURCE.c.thing_id,
        THING.c.kind,
        SOURCE.c.section,
        SOURCE.c.excerpt,
        SOURCE.c.mark,
        SOURCE.c.named,
        SOURCE.c.author_id,
        func.coalesce(PERSON.c.name, "").label("author_name"),
        THING.c.author_role,
        func.coalesce(ORGANISATION.c.name, "").label("organisation"),
        THING.c.made,
        THING.c.title,
        _PLACE.c.kind.label("place_kind"),
        _PLACE.c.title.label("place_title"),
        SOURCE.c.left,
        (
            (THING.c.state == "live")
            & or_(THING.c.parent_id.is_(None), _PLACE.c.state == "live")
            & (THING.c.audience_id == _CARD_THING.c.audience_id)
        ).label("readable"),
    )
    .select_from(
        SOURCE.join(THING, THING.c.id == SOURCE.c.thing_id)
        .join(_CARD_THING, _CARD_THING.c.id == SOURCE.c.card_id)
        .outerjoin(_PLACE, _PLACE.c.id == THING.c.parent_id)
        .outerjoin(PERSON, (PERSON.c.id == SOURCE.c.author_id) & SOURCE.c.named)
        .outerjoin(ORGANISATION, (ORGANISATION.c.id == THING.c.organisation_id) & SOURCE.c.named)
    )
    .where(SOURCE.c.card_id == bindparam("card", type_=Integer))
    .order_by(SOURCE.c.id),
    row=SourceRow,
)


def sources_of(card_id: int) -> list[SourceRow]:
    """Return the sources of a card, also those that were left out, in the order in which they were taken.

    What readers do not see is without title, place and words; a name that was withdrawn is "" and has no id.
    """
    return [_discreet(row) for row in _SOURCES.rows(card=card_id)]


def _discreet(row: SourceRow) -> SourceRow:
    row = row._replace(readable=bool(row.readable), named=bool(row.named))
    if not row.named:
        row = row._replace(author_id=None, author_name="", author_role="member", organisation="")
    return row if row.readable else row._replace(excerpt="", title="", place_title=None)


class Contributor(NamedTuple):
    """Somebody who is thanked at the foot of guidance."""

    id: int
    name: str
    organisation: str


def contributors(rows: Collection[SourceRow]) -> list[Contributor]:
    """Return who is thanked for these sources, each once; `rows` as `sources_of` returns them."""
    found = {
        row.author_id: Contributor(row.author_id, row.author_name, row.organisation)
        for row in rows
        if row.author_id is not None and row.author_name and row.mark in ("", "changed")
    }
    return list(found.values())


# Where a thing is used


class UsedIn(NamedTuple):
    """Guidance that rests on a thing, or on something that stands in it."""

    id: int
    title: str
    audience_id: int
    number: int
    status: str

    @property
    def url(self) -> str:
        return f"/guidance/{self.id}"


def _used(*, inside: bool) -> Select[Any]:
    """Return the guidance that rests on a thing, or on what stands inside it."""
    source = THING.alias("source")
    return (
        select(_CARD_THING.c.id, _CARD_THING.c.title, _CARD_THING.c.audience_id, CARD.c.number, CARD.c.status)
        .select_from(
            source.join(SOURCE, (SOURCE.c.thing_id == source.c.id) & SOURCE.c.left.is_(None))
            .join(CARD, CARD.c.id == SOURCE.c.card_id)
            .join(_CARD_THING, _CARD_THING.c.id == CARD.c.id)
        )
        .where(
            (source.c.parent_id if inside else source.c.id) == bindparam("thing", type_=Integer),
            source.c.state == "live",
            source.c.audience_id == _CARD_THING.c.audience_id,
            _CARD_THING.c.state == "live",
        )
    )


_USED = PreparedQuery(union(_used(inside=False), _used(inside=True)), row=UsedIn)


def used_in(thing_id: int) -> list[UsedIn]:
    """Return the guidance that rests on a thing or on something that stands in it, whoever may see it; adopted first."""
    return sorted(_USED.rows(thing=thing_id), key=lambda one: (not one.number, -one.id))


def seen_by(person: Person, used: list[UsedIn]) -> list[UsedIn]:
    """Return those of this guidance that a person may see, without a statement."""
    own = access.rights(person)
    return [one for one in used if own.role(one.audience_id) is not None][:NAMED]
