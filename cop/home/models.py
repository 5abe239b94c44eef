"""Queries of the home page and the community page, across features."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import cache
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy import BindParameter, ColumnElement, Integer, Select, bindparam, func, select, union_all
from sqlalchemy import text as sql

from cop.base import clock
from cop.base.db import UtcDateTime
from cop.base.fast.prepared import PreparedQuery
from cop.chat.models import ROOM, Presence
from cop.documents.models import File, Version
from cop.society.organisations import Organisation
from cop.society.people import Person
from cop.things import Body, Follow, Mark, Thing, kinds
from cop.threads.models import OPEN, Thread

Row = TypeVar("Row", bound=tuple[Any, ...])
THING, THREAD = Thing.__table__, Thread.__table__
FILE, VERSION = File.__table__, Version.__table__
BODY, FIRST = Body.__table__, THING.alias("first")
MARK, FOLLOW = Mark.__table__, Follow.__table__
PERSON, ORGANISATION = Person.__table__, Organisation.__table__

HERE: BindParameter[Any] = bindparam("audiences", expanding=True)
ME = bindparam("person", type_=Integer)
MOST = bindparam("most", type_=Integer)


def _threads(*columns: ColumnElement[Any]) -> Select[Any]:
    """Return a query for live threads, joined with their author and organisation."""
    return (
        select(*columns)
        .select_from(
            THREAD.join(THING, THING.c.id == THREAD.c.id)
            .outerjoin(PERSON, PERSON.c.id == THING.c.author_id)
            .outerjoin(ORGANISATION, ORGANISATION.c.id == THING.c.organisation_id)
        )
        .where(THING.c.state == "live")
    )


class FirstOfEach(Generic[Row]):
    """Prepared queries for the first rows of a list over some audiences, in the order of an index.

    An index gives the first rows of one audience without sorting, so the query reads the first of each and merges them.
    It is compiled for each number of audiences.

    query: returns the select for the audience that is given as an expression; order: names of its columns, the first of
    which sorts descending with `newest`.
    """

    def __init__(
        self, query: Callable[[BindParameter[int]], Select[Any]], row: type[Row], order: tuple[str, ...], newest: bool
    ) -> None:
        self.query, self.row, self.order, self.newest = query, row, order, newest
        self.prepared: dict[int, PreparedQuery[Row]] = {}

    def rows(self, audiences: Iterable[int], most: int, **given: Any) -> list[Row]:
        """Return the first rows of these audiences together."""
        here = {f"audience_{number}": id for number, id in enumerate(audiences)}
        if not here:
            return []
        if len(here) not in self.prepared:
            self.prepared[len(here)] = PreparedQuery(self._merged(list(here)), row=self.row)
        return self.prepared[len(here)].rows(**here, most=most, **given)

    def _merged(self, names: list[str]) -> Select[Any]:
        each = [self._sorted(self.query(bindparam(name, type_=Integer))).limit(MOST) for name in names]
        if len(each) == 1:
            return each[0]
        together = union_all(*(select(one.subquery()) for one in each)).subquery()
        return self._sorted(select(together)).limit(MOST)

    def _sorted(self, query: Select[Any]) -> Select[Any]:
        columns = query.selected_columns
        return query.order_by(*(columns[name].desc() if self.newest else columns[name] for name in self.order))


class UnreadThread(NamedTuple):
    """A thread with something new; `opened` is the seq up to which the person read it."""

    id: int
    title: str
    audience_id: int
    thread_kind: str
    replies: int
    last_at: datetime
    opened: int | None


LOOKED_AT = 100  # threads of a community in which home looks for unread ones: those with the newest activity


def _unread(audience: BindParameter[int]) -> Select[Any]:
    recent = (
        select(THREAD.c.last_at)
        .where(THREAD.c.audience_id == audience)
        .order_by(THREAD.c.last_at.desc())
        .limit(1)
        .offset(LOOKED_AT - 1)
    )
    muted = select(FOLLOW.c.thing_id).where(
        FOLLOW.c.person_id == ME, FOLLOW.c.thing_id == THREAD.c.id, FOLLOW.c.level == "silent"
    )
    return (
        select(
            THREAD.c.id,
            THING.c.title,
            THREAD.c.audience_id,
            THREAD.c.thread_kind,
            THREAD.c.replies,
            THREAD.c.last_at,
            MARK.c.seq.label("opened"),
        )
        .select_from(
            THREAD.join(THING, THING.c.id == THREAD.c.id).outerjoin(
                MARK, (MARK.c.thing_id == THREAD.c.id) & (MARK.c.person_id == ME)
            )
        )
        .where(
            THREAD.c.audience_id == audience,
            THREAD.c.last_at >= func.coalesce(recent.scalar_subquery(), bindparam("ever", type_=UtcDateTime)),
            func.coalesce(MARK.c.seq, 0) < THREAD.c.last_post,
            THING.c.state == "live",
            ~muted.exists(),
        )
    )


_UNREAD = FirstOfEach(_unread, UnreadThread, ("last_at",), newest=True)
EVER = datetime(1, 1, 1, tzinfo=UTC)


def unread_threads(person: Person, audiences: Iterable[int], limit: int = 6) -> list[UnreadThread]:
    """Return threads with something the person has not read and did not mute, newest activity first.

    Only the threads with the newest activity are looked at: what nobody wrote in for long is no news.
    """
    return _UNREAD.rows(audiences, limit, person=person.id, ever=EVER)


class OpenQuestion(NamedTuple):
    """A question without an accepted answer."""

    id: int
    title: str
    audience_id: int
    made: datetime
    replies: int
    author_name: str | None
    organisation_name: str | None


def _open(audience: BindParameter[int]) -> Select[Any]:
    return _threads(
        THREAD.c.id,
        THING.c.title,
        THREAD.c.audience_id,
        THING.c.made,
        THREAD.c.replies,
        PERSON.c.name.label("author_name"),
        ORGANISATION.c.name.label("organisation_name"),
    ).where(sql(OPEN), THREAD.c.audience_id == audience, THREAD.c.author_id.is_distinct_from(ME))


_OPEN = FirstOfEach(_open, OpenQuestion, ("replies", "id"), newest=False)


def open_questions(person: Person, audiences: Iterable[int], limit: int = 5) -> list[OpenQuestion]:
    """Return open questions of others: first those with the fewest replies, of these the oldest."""
    return _OPEN.rows(audiences, limit, person=person.id)


class LatestDocument(NamedTuple):
    """A document of a community, with who added its current version and when."""

    id: int
    title: str
    audience_id: int
    saved: datetime
    file_name: str
    author_name: str | None


def _documents(audience: BindParameter[int]) -> Select[Any]:
    return (
        select(
            FILE.c.id,
            THING.c.title,
            FILE.c.audience_id,
            FILE.c.saved,
            VERSION.c.name.label("file_name"),
            PERSON.c.name.label("author_name"),
        )
        .select_from(
            FILE.join(THING, THING.c.id == FILE.c.id)
            .join(VERSION, (VERSION.c.file_id == FILE.c.id) & (VERSION.c.number == FILE.c.number))
            .outerjoin(PERSON, PERSON.c.id == VERSION.c.person_id)
        )
        .where(FILE.c.audience_id == audience, FILE.c.attached.is_(False), THING.c.state == "live")
    )


_DOCUMENTS = FirstOfEach(_documents, LatestDocument, ("saved", "id"), newest=True)


def latest_documents(audiences: Iterable[int], limit: int = 5) -> list[LatestDocument]:
    """Return the documents of these audiences of which a version was added last."""
    return _DOCUMENTS.rows(audiences, limit)


class RoomRow(NamedTuple):
    """A chat room, and how many other people are in it now."""

    id: int
    audience_id: int
    others: int


_PRESENT = (
    select(func.count(func.distinct(Presence.person_id)))
    .where(
        Presence.room_id == THING.c.id, Presence.until > bindparam("now", type_=UtcDateTime), Presence.person_id != ME
    )
    .correlate(THING)
    .scalar_subquery()
)
_ROOMS = PreparedQuery(
    select(THING.c.id, THING.c.audience_id, _PRESENT.label("others"))
    .join(ROOM, ROOM.c.id == THING.c.id)
    .where(THING.c.audience_id.in_(HERE), THING.c.kind == "room", THING.c.state == "live", ROOM.c.closed.is_(None)),
    row=RoomRow,
)


def rooms(person: Person, audiences: Iterable[int]) -> list[RoomRow]:
    """Return the open chat rooms of these audiences, oldest first."""
    # Sorted here: for a sort by id a database may read all things.
    return sorted(_ROOMS.rows(person=person.id, audiences=list(audiences), now=clock.now()))


class FeaturedThread(NamedTuple):
    """A thread that a moderator features, with the plain text of its first post."""

    id: int
    title: str
    thread_kind: str
    featured: datetime
    author_id: int | None
    author_role: str
    author_name: str | None
    organisation_name: str | None
    plain: str | None


_OPENING = (
    select(BODY.c.plain)
    .join(FIRST, FIRST.c.id == BODY.c.thing_id)
    .where(FIRST.c.parent_id == THING.c.id, FIRST.c.seq == 1)
    .limit(1)
    .scalar_subquery()
)


def _featured(audience: BindParameter[int]) -> Select[Any]:
    return _threads(
        THREAD.c.id,
        THING.c.title,
        THREAD.c.thread_kind,
        THREAD.c.featured,
        THING.c.author_id,
        THING.c.author_role,
        PERSON.c.name.label("author_name"),
        ORGANISATION.c.name.label("organisation_name"),
        _OPENING.label("plain"),
    ).where(THREAD.c.audience_id == audience, THREAD.c.featured.is_not(None))


_FEATURED = FirstOfEach(_featured, FeaturedThread, ("featured",), newest=True)


def featured(audiences: Iterable[int], limit: int = 4) -> list[FeaturedThread]:
    """Return the threads that moderators feature, newest first."""
    return _FEATURED.rows(audiences, limit)


class RecentThing(NamedTuple):
    """A new thing of a kind that has no list of its own on the page."""

    id: int
    kind: str
    title: str
    made: datetime
    author_name: str | None


@cache
def _recent(names: tuple[str, ...]) -> PreparedQuery[RecentThing]:
    return PreparedQuery(
        select(THING.c.id, THING.c.kind, THING.c.title, THING.c.made, PERSON.c.name.label("author_name"))
        .select_from(THING.outerjoin(PERSON, PERSON.c.id == THING.c.author_id))
        .where(THING.c.audience_id.in_(HERE), THING.c.kind.in_(names), THING.c.state == "live")
        .order_by(THING.c.made.desc())
        .limit(MOST),
        row=RecentThing,
    )


def recent(audiences: Iterable[int], limit: int = 6) -> list[RecentThing]:
    """Return the newest things of the kinds that have no list of their own on the page."""
    names = tuple(kinds.names(lambda kind: kind.recent and kind.model is not Thread))
    return _recent(names).rows(audiences=list(audiences), most=limit) if names else []


class LatestThread(NamedTuple):
    """A thread with recent activity."""

    id: int
    title: str
    thread_kind: str
    replies: int
    last_at: datetime
    author_name: str | None


_LATEST = PreparedQuery(
    _threads(
        THREAD.c.id,
        THING.c.title,
        THREAD.c.thread_kind,
        THREAD.c.replies,
        THREAD.c.last_at,
        PERSON.c.name.label("author_name"),
    )
    .where(THREAD.c.audience_id == bindparam("audience", type_=Integer))
    .order_by(THREAD.c.last_at.desc())
    .limit(MOST),
    row=LatestThread,
)


def latest(audience: int, limit: int = 6) -> list[LatestThread]:
    """Return the threads of an audience with the newest activity."""
    return _LATEST.rows(audience=audience, most=limit)
