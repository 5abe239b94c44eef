"""Verbs of meeting materials: attach and detach."""

from __future__ import annotations

from cop import access
from cop.base.action import action, detail
from cop.base.db import advisory_lock, db
from cop.base.errors import Conflict, Forbidden, Invalid, NotFound
from cop.base.words import _
from cop.meeting_materials.models import LINKS, MOST, link_to, number_of
from cop.meetings.models import Meeting, prepares
from cop.society.people import Person
from cop.things import Thing, ThingLink

# A copy of a meeting has no materials: they are what was read for, or said at, that one day. Its blocks are copied.


@action("meeting_materials.attach")
def attach(person: Person, meeting: Meeting, *, thing: Thing) -> Thing:
    """Attach a thread or document of the same programme to a meeting; one that is attached already stays.

    Raise Forbidden for who neither leads nor hosts the meeting, NotFound for what cannot be attached, Invalid for a thing
    of another programme, Conflict for a meeting that is cancelled or has as many as it can have.
    """
    check_attaches(person, meeting)
    if thing.kind not in LINKS or thing.state != "live":
        raise NotFound
    here, there = (access.audience(person, one.audience_id) for one in (meeting, thing))
    if here.programme_id != there.programme_id:
        raise Invalid(
            errors={"address": _("Dit staat in een ander programma. Kies iets uit het programma van de bijeenkomst.")}
        )
    advisory_lock(f"materials:{meeting.id}")
    if link_to(meeting.id, thing) is None:
        if number_of(meeting.id) >= MOST:
            raise Conflict(
                _("Bij een bijeenkomst horen ten hoogste %(n)s stukken en gesprekken. Haal eerst iets weg.", n=MOST)
            )
        db.session.add(ThingLink(from_id=meeting.id, to_id=thing.id, kind=LINKS[thing.kind]))
        db.session.flush()
    detail(material=thing.id)
    return thing


@action("meeting_materials.detach")
def detach(person: Person, meeting: Meeting, *, thing: Thing) -> None:
    """Detach a thing from a meeting; the thing itself stays. Raise NotFound for one that is not attached."""
    check_prepares(person, meeting)
    advisory_lock(f"materials:{meeting.id}")
    link = link_to(meeting.id, thing)
    if link is None:
        raise NotFound
    db.session.delete(link)
    db.session.flush()
    detail(material=thing.id)


def check_attaches(person: Person, meeting: Meeting) -> None:
    """Raise Forbidden for who neither leads nor hosts a meeting, Conflict for a meeting that is cancelled."""
    check_prepares(person, meeting)
    if meeting.status == "cancelled":
        raise Conflict(_("Deze bijeenkomst gaat niet door. U kunt er niets meer aan toevoegen."))


def check_prepares(person: Person, meeting: Meeting) -> None:
    """Raise Forbidden for who neither leads nor hosts a meeting."""
    if person is not access.SYSTEM and not prepares(person, meeting):
        raise Forbidden(_("Alleen het team en de gastorganisatie kiezen wat bij een bijeenkomst hoort."))
