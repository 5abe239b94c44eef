"""Duplicates, closing on a day, and time between replies."""

from __future__ import annotations

from datetime import date, timedelta

from cop.base import clock
from cop.base.action import action, detail
from cop.base.db import db
from cop.base.errors import Conflict, Invalid, NotFound
from cop.base.words import _
from cop.curation import moving
from cop.curation.models import ThreadRelation, relation
from cop.society.people import Person
from cop.threads.models import Thread

LONGEST = timedelta(days=2 * 365)


@action("threads.mark_duplicate")
def mark_duplicate(person: Person, thread: Thread, *, into: Thread) -> Thread:
    """Close a thread because the same goes on in another of its audience; the pages of both say so."""
    moving.require_pair(thread, into)
    moving.lock(thread, into)
    if relation("duplicate", source=into.id, target=thread.id) is not None:
        raise Invalid(errors={"into": _("Dat gesprek verwijst al naar dit gesprek.")})
    earlier = relation("duplicate", source=thread.id)
    was_closed = earlier.kept["closed"] if earlier else int(thread.closed is not None)
    if earlier is not None:
        db.session.delete(earlier)
        db.session.flush()
    db.session.add(
        ThreadRelation(kind="duplicate", source_id=thread.id, target_id=into.id, kept={"closed": was_closed})
    )
    thread.closed, thread.closes = thread.closed or clock.now(), None
    detail(target=into.id)
    return thread


@action("threads.unmark_duplicate")
def unmark_duplicate(person: Person, thread: Thread) -> Thread:
    """Take back that a thread repeats another; it reopens unless it was closed before."""
    moving.lock(thread)
    found = relation("duplicate", source=thread.id)
    if found is None:
        raise NotFound
    detail(target=found.target_id)
    if not found.kept["closed"]:
        thread.closed = None
    db.session.delete(found)
    return thread


@action("threads.close_at")
def close_at(person: Person, thread: Thread, *, day: date) -> Thread:
    """Let a thread close by itself at the end of a day."""
    if thread.closed:
        raise Conflict(_("Dit gesprek is al gesloten."))
    if not clock.today() <= day <= clock.today() + LONGEST:
        raise Invalid(errors={"day": _("Kies een dag vanaf vandaag, hoogstens twee jaar vooruit.")})
    thread.closes = clock.midnight(day + timedelta(days=1))
    return thread


@action("threads.keep_open")
def keep_open(person: Person, thread: Thread) -> Thread:
    """Take back that a thread closes by itself."""
    thread.closes = None
    return thread


@action("threads.slow")
def slow(person: Person, thread: Thread, *, minutes: int) -> Thread:
    """Ask for time between two replies of one person in a thread; moderators are exempt."""
    thread.pace = minutes
    detail(minutes=minutes)
    return thread


@action("threads.unslow")
def unslow(person: Person, thread: Thread) -> Thread:
    """Let everybody reply at once again."""
    thread.pace = 0
    return thread
