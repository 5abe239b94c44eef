"""Listeners of leaving: live places that close, and profiles to which nobody comes back any more."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.sql import null

from cop import access
from cop.base import clock, jobs, live
from cop.base.action import UNDO_WITHIN, transaction
from cop.base.db import db
from cop.base.events import after
from cop.society.departures import Departure
from cop.society.events import PersonLeft
from cop.society.people import Person


@after("people.leave", "people.hand_over", "people.come_back")
def recheck_places(event: PersonLeft) -> None:
    """Take the person and their successor out of the live places they may no longer join."""
    for id in {event.member, event.successor} - {None}:
        person = db.session.get(Person, id)
        if person is not None:
            access.drop_cached_rights(person)
            live.recheck_person(person.id)


@jobs.job("leaving.sweep")
def sweep() -> None:
    """Remove the former profiles of those whose departure can no longer be undone."""
    over = Departure.made < clock.now() - UNDO_WITHIN
    with transaction():
        db.session.execute(update(Departure).where(over, Departure.profile.is_not(None)).values(profile=null()))
