"""Verbs of the checklist of a meeting."""

from __future__ import annotations

from cop.agenda.actions.locking import lock_agenda
from cop.agenda.models import ITEMS, PreparationTick
from cop.base.action import action, detail
from cop.base.db import db
from cop.base.errors import Conflict, NotFound
from cop.base.words import _
from cop.meetings.models import Meeting, prepares
from cop.society.people import Person


@action("preparation.tick")
def tick(person: Person, meeting: Meeting, *, item: str) -> PreparationTick:
    """Tick an item of the checklist that is done; who did so first is kept. Raise NotFound for who does not prepare it."""
    _check(person, meeting, item)
    found = db.session.get(PreparationTick, (meeting.id, item))
    if found is None:
        found = PreparationTick(meeting_id=meeting.id, item=item, person_id=person.id)
        db.session.add(found)
    detail(item=item)
    return found


@action("preparation.untick")
def untick(person: Person, meeting: Meeting, *, item: str) -> None:
    """Take back the tick of an item. Raise NotFound for who does not prepare the meeting."""
    _check(person, meeting, item)
    found = db.session.get(PreparationTick, (meeting.id, item))
    if found is not None:
        db.session.delete(found)
    detail(item=item)


def _check(person: Person, meeting: Meeting, item: str) -> None:
    """Lock the agenda; raise NotFound where there is no such item for the person, Conflict for one that data show."""
    lock_agenda(meeting)
    if item not in ITEMS or not prepares(person, meeting):
        raise NotFound
    if ITEMS[item][1] is not None:
        raise Conflict(_("Dit punt volgt uit de gegevens van de bijeenkomst."))
    if meeting.status == "cancelled":
        raise Conflict(_("Deze bijeenkomst is afgezegd."))
