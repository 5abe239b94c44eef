"""Notes of moderators on a thread or member."""

from __future__ import annotations

from cop.base import clock
from cop.base.action import action, detail
from cop.base.db import db
from cop.base.errors import Forbidden
from cop.base.words import _
from cop.curation.models import StaffNote
from cop.society.memberships import Membership
from cop.society.people import Person
from cop.threads.models import Thread


@action("notes.write")
def write(person: Person, about: Thread | Membership, *, text: str) -> StaffNote:
    """Write a note on a thread, or on a member of a community, for the moderators of its audience alone."""
    if isinstance(about, Membership):
        if about.person_id == person.id:
            raise Forbidden(_("Over uzelf schrijft u hier geen notitie."))
        note = StaffNote(audience_id=about.community.audience_id, member_id=about.person_id)
    else:
        note = StaffNote(audience_id=about.audience_id, thing_id=about.id)
    note.person_id, note.text = person.id, text
    db.session.add(note)
    db.session.flush()
    detail(note=note.id)
    return note


@action("notes.edit")
def edit(person: Person, note: StaffNote, *, text: str) -> StaffNote:
    """Change a note of one's own."""
    note.text, note.edited = text, clock.now()
    return note


@action("notes.remove")
def remove(person: Person, note: StaffNote) -> None:
    """Remove a note for good."""
    db.session.delete(note)
    db.session.flush()
