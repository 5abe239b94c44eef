"""Listeners of search: they index the current text of what changed.

Only text is indexed. Whether something is hidden, retracted, moved or trashed, and who may read it, is read from the
things and people themselves at search time.
"""

from __future__ import annotations

from sqlalchemy import select

from cop.base.db import db
from cop.base.events import Event, on
from cop.search.filling import put_people, put_things
from cop.society.people import Person


@on("threads.start", "threads.reply", "files.upload", "messages.say")
def created(event: Event) -> None:
    """Index something new."""
    put_things([event.result.id])


@on("threads.retitle", "files.replace", "files.restore", "files.describe", "files.untrash", "messages.edit")
def changed(event: Event) -> None:
    """Index something whose text, title or name changed; a restored file may have a new name."""
    put_things([event.thing.id])


@on("posts.edit", "posts.retract", "posts.restore", "posts.hide", "posts.unhide")
def corrected(event: Event) -> None:
    """Index a post; the opening post is indexed in its thread's entry."""
    post = event.thing
    put_things([post.id if post.seq > 1 else post.parent_id])


@on("people.enter", "people.edit")
def introduced(event: Event) -> None:
    """Index a person's profile."""
    put_people([event.thing.id])


@on("organisations.edit")
def renamed(event: Event) -> None:
    """Index the people of a renamed organisation."""
    put_people(list(db.session.scalars(select(Person.id).where(Person.organisation_id == event.thing.id))))
