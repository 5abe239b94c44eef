"""Rulings: tell the person whom one is about, by a notice and by mail whatever they chose."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from cop import access
from cop.base import email
from cop.base.db import db
from cop.base.events import Event, on
from cop.documents.models import File
from cop.notices import notifying
from cop.notices.models import RULING
from cop.society.people import Person
from cop.society.programmes import Programme
from cop.things import Thing
from cop.things.events import RulingTold


@on(RulingTold)
def told(event: RulingTold) -> None:
    """Notify and mail the person; who hid a text, its own notice says."""
    ruling = event.result
    what: Any = ruling.kind if event.verb == "rulings.tell" else "upheld" if ruling.upheld else "reversed"
    if what == "ask":  # its case does not wait for the moderators now
        notifying.remove_flags(ruling.audience_id, ruling.thing_id, ruled=False)
    thing = db.session.get(Thing, ruling.thing_id) if ruling.thing_id else None
    if what != "hide" or isinstance(thing, File):
        reason: Any = f"{RULING}{what}"
        notifying.notify_of_flag([ruling.person_id], reason, audience=ruling.audience_id, thing=ruling.thing_id)
    here = select(Person).where(Person.id == ruling.person_id, access.readers_of(ruling.audience_id))
    person = db.session.scalar(here.where(Person.state == "active"))
    if person is None:
        return
    audience = access.audience(access.SYSTEM, ruling.audience_id)
    email.enqueue(
        "notices/ruling",
        to=person.mail,
        name=person.name,
        language=person.language,
        person_id=person.id,
        headers={"Auto-Submitted": "auto-generated"},
        what=what,
        url=ruling.url,
        place=audience.name,
        programme=db.session.get(Programme, audience.programme_id),
    )


@on("rulings.withdraw", "rulings.lapse")
def withdrawn(event: Event) -> None:
    """Remove the unread notice of a ruling that was withdrawn."""
    notifying.remove_rulings(event.thing.person_id, event.thing.thing_id)
