"""What search does when it hears the rooms: it says in the index what they say now.

Only words are kept there. That something was hidden, retracted, moved or trashed, and whose membership ended, is
read from the things and people themselves whenever something is looked for.
"""

from __future__ import annotations

from sqlalchemy import select

from cop.base.db import db
from cop.base.events import Event, on
from cop.search.filling import put_people, put_things
from cop.society.people import Person


@on("threads.start", "threads.reply", "files.upload", "messages.say")
def said(event: Event) -> None:
    """Something new."""
    put_things([event.result.id])


@on("threads.retitle", "files.replace", "files.restore", "files.describe", "files.untrash", "messages.edit")
def changed(event: Event) -> None:
    """Something that says something else now; what is put back in its folder may have got another name."""
    put_things([event.thing.id])


@on("posts.edit", "posts.retract", "posts.restore", "posts.hide", "posts.unhide")
def corrected(event: Event) -> None:
    """A post; the opening is found by its thread, with which it does not vanish."""
    post = event.thing
    put_things([post.id if post.seq > 1 else post.parent_id])


@on("people.enter", "people.edit")
def introduced(event: Event) -> None:
    """Who somebody is."""
    put_people([event.thing.id])


@on("organisations.edit")
def renamed(event: Event) -> None:
    """For whom people work."""
    put_people(list(db.session.scalars(select(Person.id).where(Person.organisation_id == event.thing.id))))
