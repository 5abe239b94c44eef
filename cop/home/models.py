"""Queries of the home page and the community page, across features."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, Integer, Select, bindparam, func, select

from cop.base import clock
from cop.base.db import UtcDateTime
from cop.base.fast.prepared import PreparedQuery
from cop.chat.models import Presence
from cop.documents.models import File, Version
from cop.society.organisations import Organisation
from cop.society.people import Person
from cop.things import Body, Follow, Mark, Thing, kinds
from cop.threads.models import LAST_POST, Thread

THING, THREAD = Thing.__table__, Thread.__table__
FILE, VERSION = File.__table__, Version.__table__
BODY, FIRST = Body.__table__, THING.alias("first")
MARK, FOLLOW = Mark.__table__, Follow.__table__
PERSON, ORGANISATION = Person.__table__, Organisation.__table__

HERE: BindParameter[Any] = bindparam("audiences", expanding=True)
ME = bindparam("person", type_=Integer)
MOST = bindparam("most", type_=Integer)


def _threads(*columns: ColumnElement[Any]) -> Select[Any]:
    """Return a query for live threads of `:audiences`, joined with their author and organisation."""
    return (
        select(*columns)
        .select_from(
            THING.join(THREAD, THREAD.c.id == THING.c.id)
            .outerjoin(PERSON, PERSON.c.id == THING.c.author_id)
            .outerjoin(ORGANISATION, ORGANISATION.c.id == THING.c.organisation_id)
        )
        # Every thread has this kind, but the index starts with the audience and the kind.
        .where(THING.c.audience_id.in_(HERE), THING.c.kind == "thread", THING.c.state == "live")
        .limit(MOST)
    )


class UnreadThread(NamedTuple):
    """A thread with something new; `opened` is the seq up to which the person read it."""

    id: int
    title: str
    audience_id: int
    thread_kind: str
    replies: int
    last_at: datetime
    opened: int | None


_READ = func.coalesce(MARK.c.seq, 0)
_UNREAD = PreparedQuery(
    _threads(
        THING.c.id,
        THING.c.title,
        THING.c.audience_id,
        THREAD.c.thread_kind,
        THREAD.c.replies,
        THREAD.c.last_at,
        MARK.c.seq.label("opened"),
    )
    .outerjoin(MARK, (MARK.c.thing_id == THING.c.id) & (MARK.c.person_id == ME))
    # The first condition excludes most threads without reading their posts.
    .where(THING.c.last_seq > _READ, _READ < LAST_POST)
    .where(THING.c.id.not_in(select(FOLLOW.c.thing_id).where(FOLLOW.c.person_id == ME, FOLLOW.c.muted)))
    .order_by(THREAD.c.last_at.desc()),
    row=UnreadThread,
)


def unread_threads(person: Person, audiences: Iterable[int], limit: int = 6) -> list[UnreadThread]:
    """Return threads with something the person has not read and did not mute, newest activity first."""
    return _UNREAD.rows(person=person.id, audiences=list(audiences), most=limit)


class OpenQuestion(NamedTuple):
    """A question without an accepted answer."""

    id: int
    title: str
    audience_id: int
    made: datetime
    replies: int
    author_name: str | None
    organisation_name: str | None


_OPEN = PreparedQuery(
    _threads(
        THING.c.id,
        THING.c.title,
        THING.c.audience_id,
        THING.c.made,
        THREAD.c.replies,
        PERSON.c.name.label("author_name"),
        ORGANISATION.c.name.label("organisation_name"),
    )
    .where(
        THREAD.c.thread_kind == "question",
        THREAD.c.answer_id.is_(None),
        THREAD.c.closed.is_(None),
        THING.c.author_id.is_distinct_from(ME),
    )
    .order_by(THREAD.c.replies > 0, THING.c.made),
    row=OpenQuestion,
)


def open_questions(person: Person, audiences: Iterable[int], limit: int = 5) -> list[OpenQuestion]:
    """Return open questions of others, those that wait longest first; those with replies come last."""
    return _OPEN.rows(person=person.id, audiences=list(audiences), most=limit)


class LatestDocument(NamedTuple):
    """A file of a community, with who changed it last and when."""

    id: int
    title: str
    audience_id: int
    changed: datetime
    file_name: str
    author_name: str | None


_CHANGED = func.coalesce(THING.c.edited, THING.c.made)
_DOCUMENTS = PreparedQuery(
    select(
        THING.c.id,
        THING.c.title,
        THING.c.audience_id,
        _CHANGED.label("changed"),
        VERSION.c.name.label("file_name"),
        PERSON.c.name.label("author_name"),
    )
    .select_from(
        THING.join(FILE, FILE.c.id == THING.c.id)
        .join(VERSION, (VERSION.c.file_id == FILE.c.id) & (VERSION.c.number == FILE.c.number))
        .outerjoin(PERSON, PERSON.c.id == func.coalesce(FILE.c.editor_id, THING.c.author_id))
    )
    .where(THING.c.audience_id.in_(HERE), THING.c.kind == "file", THING.c.state == "live")
    .where(FILE.c.attached.is_(False))
    .order_by(_CHANGED.desc())
    .limit(MOST),
    row=LatestDocument,
)


def latest_documents(audiences: Iterable[int], limit: int = 5) -> list[LatestDocument]:
    """Return the files of these audiences that were changed last."""
    return _DOCUMENTS.rows(audiences=list(audiences), most=limit)


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
    .where(THING.c.audience_id.in_(HERE), THING.c.kind == "room", THING.c.state == "live")
    .order_by(THING.c.id),
    row=RoomRow,
)


def rooms(person: Person, audiences: Iterable[int]) -> list[RoomRow]:
    """Return the chat rooms of these audiences, oldest first."""
    return _ROOMS.rows(person=person.id, audiences=list(audiences), now=clock.now())


class FeaturedThread(NamedTuple):
    """A thread that a moderator features, with the plain text of its first post."""

    id: int
    title: str
    thread_kind: str
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
_FEATURED = PreparedQuery(
    _threads(
        THING.c.id,
        THING.c.title,
        THREAD.c.thread_kind,
        THING.c.author_id,
        THING.c.author_role,
        PERSON.c.name.label("author_name"),
        ORGANISATION.c.name.label("organisation_name"),
        _OPENING.label("plain"),
    )
    .where(THREAD.c.featured.is_not(None))
    .order_by(THREAD.c.featured.desc()),
    row=FeaturedThread,
)


def featured(audiences: Iterable[int], limit: int = 4) -> list[FeaturedThread]:
    """Return the threads that moderators feature, newest first."""
    return _FEATURED.rows(audiences=list(audiences), most=limit)


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
        THING.c.id,
        THING.c.title,
        THREAD.c.thread_kind,
        THREAD.c.replies,
        THREAD.c.last_at,
        PERSON.c.name.label("author_name"),
    ).order_by(THREAD.c.last_at.desc()),
    row=LatestThread,
)


def latest(audiences: Iterable[int], limit: int = 6) -> list[LatestThread]:
    """Return the threads with the newest activity."""
    return _LATEST.rows(audiences=list(audiences), most=limit)
