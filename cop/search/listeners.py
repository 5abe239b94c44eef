"""What search does when it hears the rooms: it says in the index what they say now.

Only words are kept there. That something was hidden, retracted, moved or trashed, and whose membership ended, is
read from the things and people themselves whenever something is looked for.
"""

from __future__ import annotations

from sqlalchemy import select

from cop.base.action import Told, on
from cop.base.db import db
from cop.people.models import Person
from cop.search.filling import put_people, put_things


@on("threads.start", "threads.reply", "files.upload", "messages.say")
def said(told: Told) -> None:
    """Something new."""
    put_things([told.result.id])


@on("threads.retitle", "files.replace", "files.restore", "files.describe", "files.untrash", "messages.edit")
def changed(told: Told) -> None:
    """Something that says something else now; what is put back in its folder may have got another name."""
    put_things([told.thing.id])


@on("posts.edit", "posts.retract", "posts.restore", "posts.hide", "posts.unhide")
def corrected(told: Told) -> None:
    """A post; the opening is found by its thread, with which it does not vanish."""
    post = told.thing
    put_things([post.id if post.seq > 1 else post.parent_id])


@on("people.enter", "people.edit")
def introduced(told: Told) -> None:
    """Who somebody is."""
    put_people([told.thing.id])


@on("organisations.edit")
def renamed(told: Told) -> None:
    """For whom people work."""
    put_people(list(db.session.scalars(select(Person.id).where(Person.organisation_id == told.thing.id))))
