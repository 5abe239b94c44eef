"""Verbs of the photos of a meeting: added by everybody of its audience, removed by who added one or by the team."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import func, select

from cop.base import clock
from cop.base.action import action, detail
from cop.base.db import db
from cop.base.errors import Conflict
from cop.base.words import _
from cop.meeting_rooms.actions.opening import lock
from cop.meeting_rooms.models import PHOTOS, MeetingPhoto, open_for_adding
from cop.meetings.models import Meeting
from cop.society.people import Person


class Copies(NamedTuple):
    """The stored copies of a photo by their SHA-256, and the size of the large one."""

    small: str
    large: str
    width: int
    height: int


@action("photos.add")
def add_photo(person: Person, meeting: Meeting, *, alt: str, photo: Copies) -> MeetingPhoto:
    """Add a photo to a meeting. Raise Conflict outside its time, or when there are very many."""
    lock(meeting)
    if not open_for_adding(meeting):
        raise Conflict(_("Foto’s kunt u toevoegen van een uur voor het begin tot twee weken na de bijeenkomst."))
    number = select(func.count()).select_from(MeetingPhoto).where(MeetingPhoto.meeting_id == meeting.id)
    if (db.session.scalar(number) or 0) >= PHOTOS:
        raise Conflict(_("Deze bijeenkomst heeft al %(n)s foto’s.", n=PHOTOS))
    added = MeetingPhoto(meeting_id=meeting.id, person_id=person.id, alt=alt, **photo._asdict())
    db.session.add(added)
    db.session.flush()
    detail(photo=added.id)
    return added


@action("photos.remove")
def remove_photo(person: Person, photo: MeetingPhoto) -> MeetingPhoto:
    """Take a photo away; within a day it can be put back."""
    photo.removed = photo.removed or clock.now()
    detail(photo=photo.id)
    return photo


@action("photos.restore")
def restore_photo(person: Person, photo: MeetingPhoto) -> MeetingPhoto:
    """Put a photo back."""
    photo.removed = None
    detail(photo=photo.id)
    return photo
