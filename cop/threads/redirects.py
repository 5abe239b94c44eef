"""Threads that are gone because their posts stand in another one: where they are now.

A redirect names the opening post, which knows its thread. So a chain of merges is followed by one row, and a thread whose
posts moved on leads to where they are.
"""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import ForeignKey, bindparam
from sqlalchemy.orm import Mapped, mapped_column

from cop import access
from cop.base.db import Base, db
from cop.base.errors import NotFound
from cop.base.fast.prepared import PreparedQuery
from cop.society.people import Person
from cop.threads.models import THING, Post, Thread

MERGED = "merged"  # the state of a thread whose posts stand in another one; nobody sees it


class ThreadRedirect(Base):
    """A thread that was merged into another, with the post that was its opening."""

    __tablename__ = "thread_redirect"

    thread_id: Mapped[int] = mapped_column(ForeignKey("thing.id"), primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("thing.id"), index=True)


def moved_post(person: Person, thread_id: int) -> Post:
    """Return the post that opened a thread which was merged; raise NotFound where there is none that the person may see."""
    found = db.session.get(ThreadRedirect, thread_id)
    if found is None:
        raise NotFound()
    return access.find(person, Post, found.post_id)


def find_thread(person: Person, id: int) -> Thread:
    """Return a thread that the person may see, or the one into which it was merged; raise NotFound if there is none."""
    try:
        return access.find(person, Thread, id)
    except NotFound:
        return access.find(person, Thread, moved_post(person, id).parent_id)


class _Place(NamedTuple):
    parent_id: int


_NOW = PreparedQuery(
    THING.join(ThreadRedirect.__table__, ThreadRedirect.post_id == THING.c.id)
    .select()
    .with_only_columns(THING.c.parent_id)
    .where(ThreadRedirect.thread_id == bindparam("thread")),
    row=_Place,
)


def current_place(place: str) -> str:
    """Return the place of a draft: that of a thread which was merged is the thread in which its posts stand."""
    kind, _colon, id = place.partition(":")
    found = _NOW.first(thread=int(id)) if kind == "thread" else None
    return f"thread:{found.parent_id}" if found else place
