"""The questions that home and a community's page ask of all rooms at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Row, func, or_, select

from cop.base import live
from cop.base.db import db
from cop.people.models import Organisation, Person
from cop.things import Mark, Thing
from cop.threads.models import Post, Thread

THING, THREAD = Thing.__table__, Thread.__table__
MARK, PERSON, ORGANISATION = Mark.__table__, Person.__table__, Organisation.__table__


def _threads(communities: Iterable[int]) -> Any:
    """Live threads of these communities as rows with their author and organisation."""
    return (
        select(
            THING.c.id, THING.c.title, THING.c.community_id, THING.c.made, THING.c.author_id, THING.c.author_role,
            THREAD.c.thread_kind, THREAD.c.replies, THREAD.c.last_at, PERSON.c.name.label("author_name"),
            ORGANISATION.c.name.label("organisation_name"),
        )
        .select_from(
            THING.join(THREAD, THREAD.c.id == THING.c.id)
            .outerjoin(PERSON, PERSON.c.id == THING.c.author_id)
            .outerjoin(ORGANISATION, ORGANISATION.c.id == THING.c.organisation_id)
        )
        .where(THING.c.community_id.in_(list(communities)), THING.c.state == "live")
    )


def unread_threads(person: Person, communities: Iterable[int], limit: int = 8) -> list[Row[Any]]:
    """Threads with something the person has not read, newest activity first; `opened` tells whether they ever read it."""
    ask = _threads(communities).add_columns(MARK.c.seq.label("opened")).outerjoin(
        MARK, (MARK.c.thing_id == THING.c.id) & (MARK.c.person_id == person.id))
    return list(db.session.execute(
        ask.where(THING.c.last_seq > func.coalesce(MARK.c.seq, 0)).order_by(THREAD.c.last_at.desc()).limit(limit)))


def open_questions(person: Person, communities: Iterable[int], limit: int = 5) -> list[Row[Any]]:
    """Questions of others without an accepted answer, those that touch the person's themes first, the oldest first."""
    themes = [t for t in person.themes or [] if t]
    ask = _threads(communities).where(
        THREAD.c.thread_kind == "question", THREAD.c.answer_id.is_(None), THREAD.c.closed.is_(None), THING.c.author_id != person.id)
    touched = or_(*(THING.c.title.icontains(t, autoescape=True) for t in themes)) if themes else None
    order = [THREAD.c.replies > 0, THREAD.c.last_at]
    return list(db.session.execute(ask.order_by(*([touched.desc()] if touched is not None else []), *order).limit(limit)))


def latest_documents(communities: Iterable[int], limit: int = 5) -> list[Row[Any]]:
    """The newest files on the shelves of these communities."""
    return list(db.session.execute(
        select(THING.c.id, THING.c.title, THING.c.made, THING.c.edited, THING.c.community_id, PERSON.c.name.label("author_name"))
        .outerjoin(PERSON, PERSON.c.id == THING.c.author_id)
        .where(THING.c.kind == "file", THING.c.state == "live", THING.c.community_id.in_(list(communities)))
        .order_by(func.coalesce(THING.c.edited, THING.c.made).desc()).limit(limit)))


def rooms(communities: Iterable[int]) -> list[Row[Any]]:
    """The chat rooms of these communities."""
    return list(db.session.execute(
        select(THING.c.id, THING.c.community_id, THING.c.last_seq)
        .where(THING.c.kind == "room", THING.c.state == "live", THING.c.community_id.in_(list(communities)))))


def present(found: list[Row[Any]]) -> dict[int, set[int]]:
    """Room id → who is in it now, as far as this process knows."""
    return {room.id: live.present(f"room:{room.id}") for room in found}


def featured(communities: Iterable[int], limit: int = 4) -> list[Row[Any]]:
    """What moderators put in the light, newest first, with the plain text of the opening."""
    opening = select(Post.plain).where(Post.parent_id == THING.c.id, Post.seq == 1).limit(1).scalar_subquery()
    ask = _threads(communities).add_columns(opening.label("plain")).where(THREAD.c.featured.is_not(None))
    return list(db.session.execute(ask.order_by(THREAD.c.featured.desc()).limit(limit)))


def latest(communities: Iterable[int], limit: int = 6) -> list[Row[Any]]:
    """The threads in which something was said last."""
    return list(db.session.execute(_threads(communities).order_by(THREAD.c.last_at.desc()).limit(limit)))
