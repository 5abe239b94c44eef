"""The questions that home and a community's page ask of all rooms at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, Select, func, or_, select

from cop.base import clock
from cop.base.db import db
from cop.chat.models import Presence
from cop.documents.models import File, Version
from cop.people.models import Organisation, Person
from cop.things import Follow, Mark, Thing
from cop.threads.models import LAST_POST, Post, Thread

THING, THREAD = Thing.__table__, Thread.__table__
FILE, VERSION = File.__table__, Version.__table__
POST, FIRST = Post.__table__, THING.alias("first")
MARK, FOLLOW = Mark.__table__, Follow.__table__
PERSON, ORGANISATION = Person.__table__, Organisation.__table__


def _threads(communities: Iterable[int]) -> Select[Any]:
    """Live threads of these communities as rows with their author and organisation."""
    return (
        select(
            THING.c.id,
            THING.c.title,
            THING.c.community_id,
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
        # Of which kind they are goes without saying, but the index of a shelf begins with it.
        .where(THING.c.community_id.in_(list(communities)), THING.c.kind == "thread", THING.c.state == "live")
    )


def unread_threads(person: Person, communities: Iterable[int], limit: int = 8) -> list[Row[Any]]:
    """Threads with something the person has not read and did not mute, newest activity first; `opened` tells up to
    where they ever read."""
    read = func.coalesce(MARK.c.seq, 0)
    muted = select(FOLLOW.c.thing_id).where(FOLLOW.c.person_id == person.id, FOLLOW.c.muted)
    ask = (
        _threads(communities)
        .add_columns(MARK.c.seq.label("opened"))
        .outerjoin(MARK, (MARK.c.thing_id == THING.c.id) & (MARK.c.person_id == person.id))
    )
    return list(
        db.session.execute(
            # The first says the same of most threads, and costs no look at their posts.
            ask.where(THING.c.last_seq > read, read < LAST_POST, THING.c.id.not_in(muted))
            .order_by(THREAD.c.last_at.desc())
            .limit(limit)
        )
    )


def open_questions(person: Person, communities: Iterable[int], limit: int = 5) -> list[Row[Any]]:
    """Questions of others without an accepted answer: those that touch the person's themes first, then those to which
    nobody replied, the oldest first."""
    themes = [theme for theme in person.themes or [] if theme]
    ask = _threads(communities).where(
        THREAD.c.thread_kind == "question",
        THREAD.c.answer_id.is_(None),
        THREAD.c.closed.is_(None),
        THING.c.author_id.is_distinct_from(person.id),
    )
    touched = [or_(*(THING.c.title.icontains(theme, autoescape=True) for theme in themes)).desc()] if themes else []
    return list(db.session.execute(ask.order_by(*touched, THREAD.c.replies > 0, THREAD.c.last_at).limit(limit)))


def latest_documents(communities: Iterable[int], limit: int = 5) -> list[Row[Any]]:
    """The newest files on the shelves of these communities, with who changed them last and when."""
    changed = func.coalesce(THING.c.edited, THING.c.made)
    return list(
        db.session.execute(
            select(
                THING.c.id,
                THING.c.title,
                THING.c.community_id,
                changed.label("changed"),
                VERSION.c.name.label("file_name"),
                PERSON.c.name.label("author_name"),
            )
            .select_from(
                THING.join(FILE, FILE.c.id == THING.c.id)
                .join(VERSION, (VERSION.c.file_id == FILE.c.id) & (VERSION.c.number == FILE.c.number))
                .outerjoin(PERSON, PERSON.c.id == func.coalesce(FILE.c.editor_id, THING.c.author_id))
            )
            .where(THING.c.community_id.in_(list(communities)), THING.c.kind == "file", THING.c.state == "live")
            .where(FILE.c.attached.is_(False))
            .order_by(changed.desc())
            .limit(limit)
        )
    )


def rooms(communities: Iterable[int]) -> list[Row[Any]]:
    """The chat rooms of these communities, the oldest first."""
    return list(
        db.session.execute(
            select(THING.c.id, THING.c.community_id)
            .where(THING.c.kind == "room", THING.c.state == "live", THING.c.community_id.in_(list(communities)))
            .order_by(THING.c.id)
        )
    )


def others_in(rooms: Iterable[Row[Any]], person: Person) -> int:
    """How many others than the person are in these rooms now."""
    return (
        db.session.scalar(
            select(func.count(func.distinct(Presence.person_id))).where(
                Presence.room_id.in_([room.id for room in rooms]),
                Presence.until > clock.now(),
                Presence.person_id != person.id,
            )
        )
        or 0
    )


def featured(communities: Iterable[int], limit: int = 4) -> list[Row[Any]]:
    """What moderators put in the light, newest first, with the plain text of the opening."""
    opening = (
        select(POST.c.plain)
        .join(FIRST, FIRST.c.id == POST.c.id)
        .where(FIRST.c.parent_id == THING.c.id, FIRST.c.seq == 1)
        .limit(1)
        .scalar_subquery()
    )
    ask = _threads(communities).add_columns(opening.label("plain")).where(THREAD.c.featured.is_not(None))
    return list(db.session.execute(ask.order_by(THREAD.c.featured.desc()).limit(limit)))


def latest(communities: Iterable[int], limit: int = 6) -> list[Row[Any]]:
    """The threads in which something was said last."""
    return list(db.session.execute(_threads(communities).order_by(THREAD.c.last_at.desc()).limit(limit)))
