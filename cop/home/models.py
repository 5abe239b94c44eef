"""Queries of home and the community page, which read several features at once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Integer, bindparam, func, or_, select

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
SPECIAL = re.compile("[/%_]")  # characters with a meaning in LIKE


HERE: BindParameter[Any] = bindparam("audiences", expanding=True)
ME = bindparam("person", type_=Integer)
LIMIT = bindparam("most", type_=Integer)

# Live threads of `:audiences`, with their author and organisation.
_THREADS = (
    select(
        THING.c.id,
        THING.c.title,
        THING.c.audience_id,
        THING.c.made,
        THING.c.author_id,
        THING.c.author_role,
        THREAD.c.thread_kind,
        THREAD.c.replies,
        THREAD.c.last_at,
        PERSON.c.name.label("author_name"),
        ORGANISATION.c.name.label("organisation_name"),
    )
    .select_from(
        THING.join(THREAD, THREAD.c.id == THING.c.id)
        .outerjoin(PERSON, PERSON.c.id == THING.c.author_id)
        .outerjoin(ORGANISATION, ORGANISATION.c.id == THING.c.organisation_id)
    )
    # The condition on kind is redundant, but the index on the list begins with it.
    .where(THING.c.audience_id.in_(HERE), THING.c.kind == "thread", THING.c.state == "live")
    .limit(LIMIT)
)

_READ = func.coalesce(MARK.c.seq, 0)
_UNREAD = PreparedQuery(
    _THREADS.add_columns(MARK.c.seq.label("opened"))
    .outerjoin(MARK, (MARK.c.thing_id == THING.c.id) & (MARK.c.person_id == ME))
    # `last_seq` alone excludes most threads, without reading their posts.
    .where(THING.c.last_seq > _READ, _READ < LAST_POST)
    .where(THING.c.id.not_in(select(FOLLOW.c.thing_id).where(FOLLOW.c.person_id == ME, FOLLOW.c.muted)))
    .order_by(THREAD.c.last_at.desc())
)


def unread_threads(person: Person, audiences: Iterable[int], limit: int = 8) -> list[Any]:
    """Return threads with posts the person has not read and did not mute, newest activity first.

    `opened` is the seq up to which the person had read, None when never opened.
    """
    return _UNREAD.rows(person=person.id, audiences=list(audiences), most=limit)


@cache
def _open(themes: int) -> PreparedQuery:
    """Return the query for open questions, for a person with this many themes: `:theme0` and on."""
    query = _THREADS.where(
        THREAD.c.thread_kind == "question",
        THREAD.c.answer_id.is_(None),
        THREAD.c.closed.is_(None),
        THING.c.author_id.is_distinct_from(ME),
    )
    on_theme = [THING.c.title.icontains(bindparam(f"theme{n}"), escape="/") for n in range(themes)]
    order = [or_(*on_theme).desc()] if on_theme else []
    return PreparedQuery(query.order_by(*order, THREAD.c.replies > 0, THREAD.c.last_at))


def open_questions(person: Person, audiences: Iterable[int], limit: int = 5) -> list[Any]:
    """Return questions of others without an accepted answer, oldest first.

    Those on the person's themes come first, then those without a reply.
    """
    themes = [SPECIAL.sub(r"/\g<0>", theme) for theme in person.themes or [] if theme]
    named = {f"theme{n}": theme for n, theme in enumerate(themes)}
    return _open(len(themes)).rows(person=person.id, audiences=list(audiences), most=limit, **named)


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
    .limit(LIMIT)
)


def latest_documents(audiences: Iterable[int], limit: int = 5) -> list[Any]:
    """Return the newest files of these audiences that are no attachment, with the last editor and time."""
    return _DOCUMENTS.rows(audiences=list(audiences), most=limit)


_ROOMS = PreparedQuery(
    select(THING.c.id, THING.c.audience_id)
    .where(THING.c.audience_id.in_(HERE), THING.c.kind == "room", THING.c.state == "live")
    .order_by(THING.c.id)
)


def rooms(audiences: Iterable[int]) -> list[Any]:
    """Return the chat rooms of these audiences, oldest first."""
    return _ROOMS.rows(audiences=list(audiences))


_OTHERS = PreparedQuery(
    select(func.count(func.distinct(Presence.person_id)).label("n")).where(
        Presence.room_id.in_(bindparam("rooms", expanding=True)),
        Presence.until > bindparam("now", type_=UtcDateTime),
        Presence.person_id != ME,
    )
)


def others_in(rooms: Iterable[Any], person: Person) -> int:
    """Return how many people other than `person` are in these chat rooms now."""
    return int(_OTHERS.first(rooms=[room.id for room in rooms], now=clock.now(), person=person.id).n)


_OPENING = (
    select(BODY.c.plain)
    .join(FIRST, FIRST.c.id == BODY.c.thing_id)
    .where(FIRST.c.parent_id == THING.c.id, FIRST.c.seq == 1)
    .limit(1)
    .scalar_subquery()
)
_FEATURED = PreparedQuery(
    _THREADS.add_columns(_OPENING.label("plain"))
    .where(THREAD.c.featured.is_not(None))
    .order_by(THREAD.c.featured.desc())
)


def featured(audiences: Iterable[int], limit: int = 4) -> list[Any]:
    """Return the featured threads, newest first, with the plain text of the opening post."""
    return _FEATURED.rows(audiences=list(audiences), most=limit)


@cache
def _recent(names: tuple[str, ...]) -> PreparedQuery:
    return PreparedQuery(
        select(THING.c.id, THING.c.kind, THING.c.title, THING.c.made, PERSON.c.name.label("author_name"))
        .select_from(THING.outerjoin(PERSON, PERSON.c.id == THING.c.author_id))
        .where(THING.c.audience_id.in_(HERE), THING.c.kind.in_(names), THING.c.state == "live")
        .order_by(THING.c.made.desc())
        .limit(LIMIT)
    )


def recent(audiences: Iterable[int], limit: int = 6) -> list[Any]:
    """Return the newest things of the kinds that have no list of their own on the page."""
    names = tuple(kinds.names(lambda kind: kind.recent and kind.model is not Thread))
    return _recent(names).rows(audiences=list(audiences), most=limit) if names else []


_LATEST = PreparedQuery(_THREADS.order_by(THREAD.c.last_at.desc()))


def latest(audiences: Iterable[int], limit: int = 6) -> list[Any]:
    """Return the threads with the newest activity."""
    return _LATEST.rows(audiences=list(audiences), most=limit)
