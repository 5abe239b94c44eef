"""Verbs of bookmarks: add, edit, remove, restore and remind; they are private, so the journal has no entries of them."""

from __future__ import annotations

from datetime import date
from typing import Literal

from sqlalchemy import select

from cop.base import clock
from cop.base.action import action
from cop.base.db import db, insert_of
from cop.base.errors import Invalid
from cop.base.words import _
from cop.bookmarks.models import BOOKMARK, Bookmark
from cop.society.people import Person
from cop.things import Thing

KEEP: Literal["keep"] = "keep"
Chosen = date | None | Literal["keep"]  # a day, none, or that which stands


@action("bookmarks.add", quiet=True)
def add(person: Person, thing: Thing, *, note: str | None = None, remind_on: Chosen = KEEP) -> Bookmark:
    """Keep a thing; of one that is kept already only what is given changes."""
    found = _ensure(person, thing)
    if found.removed is not None:  # kept anew: what was removed is not what was asked for now
        found.removed, found.made = None, clock.now()
        found.note, found.remind_on, found.reminded, found.mailed = "", None, None, None
    return _set(found, note, remind_on)


def _ensure(person: Person, thing: Thing) -> Bookmark:
    """Return the row of a person and a thing, locked; two requests at once make one."""
    values = {"person_id": person.id, "thing_id": thing.id, "note": "", "made": clock.now()}
    db.session.execute(insert_of(Bookmark).values(values).on_conflict_do_nothing())
    mine = select(Bookmark).where(Bookmark.person_id == person.id, Bookmark.thing_id == thing.id)
    return db.session.scalars(mine.with_for_update().execution_options(populate_existing=True)).one()


@action("bookmarks.edit", quiet=True)
def edit(person: Person, bookmark: Bookmark, *, note: str | None = None, remind_on: Chosen = KEEP) -> Bookmark:
    """Change the note or the reminder of a bookmark; what is left out stays."""
    return _set(_lock(bookmark), note, remind_on)


def _set(bookmark: Bookmark, note: str | None, remind_on: Chosen) -> Bookmark:
    if remind_on != KEEP and remind_on != bookmark.remind_on:
        if remind_on is not None and remind_on <= clock.today():
            raise Invalid(errors={"remind_on": _("Kies een dag na vandaag.")})
        bookmark.remind_on = remind_on
    if note is not None:
        bookmark.note = note
    return bookmark


@action("bookmarks.remove", quiet=True)
def remove(person: Person, bookmark: Bookmark) -> Bookmark:
    """Remove a bookmark; it can be put back with its note."""
    _lock(bookmark)
    bookmark.removed = bookmark.removed or clock.now()
    return bookmark


@action("bookmarks.restore", quiet=True)
def restore(person: Person, bookmark: Bookmark) -> Bookmark:
    """Put a removed bookmark back."""
    _lock(bookmark).removed = None
    return bookmark


@action("bookmarks.remind", quiet=True)
def remind(system: Person, bookmark: Bookmark) -> bool:
    """Note that a person is reminded of what they keep; return whether that is still to be done."""
    today = BOOKMARK.c.remind_on <= clock.today()
    due = today & BOOKMARK.c.removed.is_(None) & BOOKMARK.c.reminded.is_distinct_from(BOOKMARK.c.remind_on)
    # The row is written first: of two jobs at once only one finds that it was not done.
    noted = BOOKMARK.update().where(BOOKMARK.c.id == bookmark.id, due).values(reminded=BOOKMARK.c.remind_on)
    return bool(db.session.connection().execute(noted).rowcount)


def _lock(bookmark: Bookmark) -> Bookmark:
    db.session.refresh(bookmark, with_for_update=True)
    return bookmark
