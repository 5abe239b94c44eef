"""What follows from other verbs and from the time: threads that close, change or move, and an audience that goes."""

from __future__ import annotations

from sqlalchemy import delete, or_, select, update

from cop import access
from cop.base import clock, jobs
from cop.base.action import UNDO_WITHIN, transaction
from cop.base.db import db
from cop.base.events import on
from cop.curation.models import NOTE, RELATION, StaffNote, ThreadRelation
from cop.society.departures import Departure
from cop.society.people import Person
from cop.things import Change, on_change
from cop.things.events import Moved
from cop.things.removal import before_removal
from cop.things.versions import changes
from cop.threads import actions as threads
from cop.threads.models import THING, THREAD, Thread

SHOWN = frozenset({"title", "state", "audience_id"})


@jobs.job("curation.close")
def close_threads() -> None:
    """Close the threads whose last day is over, each in a transaction of its own; those in the archive stay as they are."""
    due = select(THREAD.c.id).where(THREAD.c.closes <= clock.now(), THREAD.c.closed.is_(None)).order_by(THREAD.c.id)
    for id in db.session.scalars(due).all():
        threads.close(access.SYSTEM, db.session.get_one(Thread, id))


@jobs.job("curation.sweep")
def remove_notes_on_former_members() -> None:
    """Remove the notes on people who left the platform, once that can no longer be undone."""
    gone = (
        select(Departure.person_id)
        .join(Person, Person.id == Departure.person_id)
        .where(Departure.made < clock.now() - UNDO_WITHIN, Person.state != "active")
    )
    with transaction():
        db.session.execute(
            delete(StaffNote).where(NOTE.c.member_id.in_(gone)), execution_options={"synchronize_session": False}
        )


@on_change
def renew_relations(found: list[Change]) -> None:
    """Give the threads that name a thread which changed a new version."""
    ids = [
        change.thing.id for change in found if change.thing.kind == "thread" and not change.new and change.names & SHOWN
    ]
    if not ids:
        return
    pairs = select(RELATION.c.source_id, RELATION.c.target_id).where(
        or_(RELATION.c.source_id.in_(ids), RELATION.c.target_id.in_(ids))
    )
    others = {id for pair in db.session.execute(pairs) for id in pair} - set(ids)
    changes().note(others, [ThreadRelation.__tablename__])


@on(Moved)
def take_notes_along(event: Moved) -> None:
    """Give the notes on a thread that moved to the moderators of the other community."""
    moved = update(StaffNote).where(NOTE.c.thing_id == event.thing.id).values(audience_id=event.thing.audience_id)
    db.session.execute(moved, execution_options={"synchronize_session": False})


@before_removal
def remove_notes(audience_id: int) -> None:
    """Delete the notes for the moderators of an audience that is removed, and what is known of its threads."""
    db.session.execute(delete(StaffNote).where(NOTE.c.audience_id == audience_id))
    here = select(THING.c.id).where(THING.c.audience_id == audience_id)
    db.session.execute(
        delete(ThreadRelation).where(or_(RELATION.c.source_id.in_(here), RELATION.c.target_id.in_(here))),
        execution_options={"synchronize_session": False, "changes": []},
    )
