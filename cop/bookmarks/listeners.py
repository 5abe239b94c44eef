"""Reminders of bookmarks: a notice on their day, and a line in the overview by mail."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import aliased

from cop import access
from cop.base import clock, jobs
from cop.base.action import transaction
from cop.base.db import db
from cop.base.events import on
from cop.bookmarks import actions
from cop.bookmarks.models import BOOKMARK, Bookmark, row_on
from cop.society.people import Person
from cop.things.events import PostsMoved
from cop.things.reminders import Reminder, takes_reminders

LONGEST = timedelta(days=8)  # after its day a reminder is not mailed any more; more than a week, for the weekly mail


@jobs.job("bookmarks.remind")
def remind() -> None:
    """Remind people of what they keep, each once for a day, where they can read it."""
    waiting = select(Bookmark.id).where(
        Bookmark.remind_on <= clock.today(),
        Bookmark.removed.is_(None),
        Bookmark.reminded.is_distinct_from(Bookmark.remind_on),
    )
    for id in db.session.scalars(waiting.order_by(Bookmark.remind_on, Bookmark.id)).all():
        with transaction():
            _remind(id)


def _remind(id: int) -> None:
    """Remind of one bookmark; one that cannot be read now waits, and comes when it can."""
    bookmark = db.session.get(Bookmark, id)
    person = db.session.get(Person, bookmark.person_id) if bookmark else None
    if bookmark is None or person is None or not person.is_active:
        return
    access.drop_cached_rights(person)
    if row_on(person, bookmark.thing_id) is not None:
        actions.remind(access.SYSTEM, bookmark)


@on(PostsMoved)
def merged(event: PostsMoved) -> None:
    """Let a bookmark on a thread that was merged be on the other, for who has none there."""
    if not event.whole:
        return
    there = aliased(Bookmark)
    has_one = select(there.id).where(there.person_id == Bookmark.person_id, there.thing_id == event.target)
    moved = update(Bookmark).where(Bookmark.thing_id == event.source, ~has_one.exists()).values(thing_id=event.target)
    db.session.execute(moved, execution_options={"synchronize_session": False})


@takes_reminders
def take(person: Person) -> list[Reminder]:
    """Return the bookmarks whose day has come and that no mail named, and note that this one does."""
    today = clock.today()
    due = select(Bookmark.id, Bookmark.thing_id).where(
        Bookmark.person_id == person.id,
        Bookmark.remind_on <= today,
        Bookmark.remind_on > today - LONGEST,
        Bookmark.removed.is_(None),
        Bookmark.mailed.is_distinct_from(Bookmark.remind_on),
    )
    rows = [row_on(person, row.thing_id) for row in db.session.execute(due.order_by(Bookmark.remind_on, Bookmark.id))]
    found = [row for row in rows if row is not None]
    if found:
        mailed = update(BOOKMARK).where(BOOKMARK.c.id.in_([row.id for row in found]))
        db.session.execute(mailed.values(mailed=BOOKMARK.c.remind_on))
    return [Reminder(row.title or row.excerpt, row.thing_url, row.audience_id, row.note) for row in found]
