"""Bookmarks: what a person keeps to find it again, with a note, and a day on which they want to be reminded of it."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ForeignKey,
    Index,
    Integer,
    Select,
    Table,
    Text,
    UniqueConstraint,
    and_,
    bindparam,
    func,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import Mapped, mapped_column

from cop import access
from cop.base import clock, text
from cop.base.db import Base, UtcDateTime, db
from cop.base.errors import NotFound
from cop.base.web import Slice
from cop.base.web.pagination import decode_cursor, encode_cursor
from cop.society.people import Person
from cop.things import Body, Thing, kinds

LONGEST = 500  # characters of a note
PAGE = 25
EXCERPT = 200  # characters


class Bookmark(Base):
    """A thing that a person keeps; a removed one stays, so that it can be put back as it was."""

    __tablename__ = "bookmark"
    __table_args__ = (
        UniqueConstraint("person_id", "thing_id"),
        Index("ix_bookmark_mine", "person_id", "made", "id"),
        Index("ix_bookmark_due", "remind_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    # A draft of a meeting or an upload that was never posted is deleted with what others keep of it.
    thing_id: Mapped[int] = mapped_column(ForeignKey("thing.id", ondelete="CASCADE"), index=True)
    note: Mapped[str] = mapped_column(Text, default="")
    remind_on: Mapped[date | None]
    reminded: Mapped[date | None]  # the day of the reminder that was given by a notice
    mailed: Mapped[date | None]  # and of that in the overview by mail
    made: Mapped[datetime] = mapped_column(default=clock.now)
    removed: Mapped[datetime | None]

    @property
    def url(self) -> str:
        return f"/bookmarks/{self.id}"


BOOKMARK: Table = Bookmark.__table__  # type: ignore[assignment]
THING, BODY = Thing.__table__, Body.__table__
_PLACE = THING.alias("place")


class BookmarkRow(NamedTuple):
    """A bookmark with what it is on: the title of that, or of the thread or chat room in which it stands."""

    id: int
    thing_id: int
    note: str
    remind_on: date | None
    reminded: date | None
    made: datetime
    kind: str
    title: str
    plain: str | None
    place_kind: str | None
    audience_id: int

    @property
    def url(self) -> str:
        return f"/bookmarks/{self.id}"

    @property
    def thing_url(self) -> str:
        """The address of what is kept."""
        return kinds.url(self.kind, self.thing_id)

    @property
    def excerpt(self) -> str:
        """The beginning of a text; of what has a title only, nothing."""
        return text.excerpt(self.plain or "", EXCERPT)


def _readable() -> Any:
    """Return the condition that `:person`, who sees the thing, can read it: of a text that was retracted or hidden, and of
    what stands in a hidden thread, readers see no more than that it is gone."""
    person = bindparam("person", type_=Integer)
    curated: BindParameter[Any] = bindparam("curated", expanding=True)

    def stands(one: Any) -> Any:
        own = or_(one.c.author_id == person, one.c.audience_id.in_(curated))
        return or_(one.c.state.not_in(("hidden", "retracted")), and_(one.c.state == "hidden", own))

    return and_(stands(THING), or_(_PLACE.c.id.is_(None), stands(_PLACE)))


def _mine() -> Select[Any]:
    return (
        select(
            *(BOOKMARK.c[name] for name in ("id", "thing_id", "note", "remind_on", "reminded", "made")),
            THING.c.kind,
            func.coalesce(func.nullif(THING.c.title, ""), _PLACE.c.title, "").label("title"),
            func.substr(BODY.c.plain, 1, 2 * EXCERPT).label("plain"),
            _PLACE.c.kind.label("place_kind"),
            THING.c.audience_id,
        )
        .select_from(
            BOOKMARK.join(THING, THING.c.id == BOOKMARK.c.thing_id)
            .outerjoin(_PLACE, _PLACE.c.id == THING.c.parent_id)
            .outerjoin(BODY, BODY.c.thing_id == THING.c.id)
        )
        .where(BOOKMARK.c.person_id == bindparam("person", type_=Integer), BOOKMARK.c.removed.is_(None), _readable())
    )


@cache
def _listed(reminders: bool, after: bool) -> access.VisibleQuery[BookmarkRow]:
    """Return the query for a page of bookmarks: the newest first, or those with a day to come, the nearest first."""
    query = _mine().limit(bindparam("most", type_=Integer))
    if reminders:
        order = (BOOKMARK.c.remind_on, BOOKMARK.c.id)
        query = query.where(BOOKMARK.c.remind_on > bindparam("today")).order_by(*order)
        return access.VisibleQuery(query, row=BookmarkRow)
    query = query.order_by(BOOKMARK.c.made.desc(), BOOKMARK.c.id.desc())
    if after:
        before = tuple_(bindparam("before", type_=UtcDateTime), bindparam("before_id", type_=Integer))
        query = query.where(tuple_(BOOKMARK.c.made, BOOKMARK.c.id) < before)
    return access.VisibleQuery(query, row=BookmarkRow)


_ONE = access.VisibleQuery(_mine().where(BOOKMARK.c.id == bindparam("id", type_=Integer)), row=BookmarkRow)
_OF_THING = access.VisibleQuery(_mine().where(THING.c.id == bindparam("thing", type_=Integer)), row=BookmarkRow)


class _Count(NamedTuple):
    number: int


_COUNT = access.VisibleQuery(
    select(func.count().label("number"))
    .select_from(
        BOOKMARK.join(THING, THING.c.id == BOOKMARK.c.thing_id).outerjoin(_PLACE, _PLACE.c.id == THING.c.parent_id)
    )
    .where(BOOKMARK.c.person_id == bindparam("person", type_=Integer), BOOKMARK.c.removed.is_(None), _readable()),
    row=_Count,
)


def bookmarks(person: Person, *, show: str = "", after: str = "", limit: int = PAGE) -> Slice[BookmarkRow]:
    """Return a page of what a person keeps and can read, the newest first; show `reminders`: those with a day to come."""
    given: dict[str, Any] = {"most": limit + 1}
    if show:
        given["today"] = clock.today()
    elif after:
        given |= dict(zip(("before", "before_id"), decode_cursor(after), strict=True))
    rows = _listed(bool(show), bool(after and not show)).rows(person, **given)
    more = rows[limit:] and not show
    return Slice(rows[:limit], next=encode_cursor(rows[limit - 1].made, rows[limit - 1].id) if more else None)


def count(person: Person) -> int:
    """Return how many things a person keeps and can read."""
    return _COUNT.rows(person)[0].number


def find_row(person: Person, id: int) -> BookmarkRow:
    """Return a bookmark of the person as pages show it; raise NotFound for one of somebody else, or on what they cannot read."""
    return access.find_row(person, _ONE, id=id)


def row_on(person: Person, thing_id: int) -> BookmarkRow | None:
    """Return the bookmark of the person on a thing, None where they have none or cannot read the thing."""
    return next(iter(_OF_THING.rows(person, thing=thing_id)), None)


def find_own(person: Person, id: int, *, removed: bool = False) -> Bookmark:
    """Return a bookmark of the person to change it, or a removed one to put it back; else raise NotFound."""
    found = db.session.get(Bookmark, id)
    if found is None or found.person_id != person.id or bool(found.removed) != removed:
        raise NotFound
    return found


_READ = access.VisibleQuery(
    select(THING.c.id)
    .select_from(THING.outerjoin(_PLACE, _PLACE.c.id == THING.c.parent_id))
    .where(THING.c.id == bindparam("id", type_=Integer), _readable())
)


def find_thing(person: Person, id: int) -> Thing:
    """Return a thing that the person can read and that has a page; else raise NotFound."""
    thing = access.find(person, Thing, id)
    if kinds.find(thing.kind) is None or not _READ.rows(person, id=id):
        raise NotFound
    return thing
