"""Verbs of the chat room of a meeting: opened by the job or the team, and closed, when it is the meeting's record."""

from __future__ import annotations

from sqlalchemy import select

from cop.base import clock
from cop.base.action import action, detail
from cop.base.db import db
from cop.base.errors import Conflict
from cop.base.words import _
from cop.chat.models import Room
from cop.meeting_rooms.models import MeetingRoom, opens_room
from cop.meetings.models import Meeting
from cop.society.people import Person


def lock(meeting: Meeting) -> None:
    """Lock a meeting until the commit, and read it anew: two who open its room or start a round wait for each other.

    SQLite has one writer at a time and needs no lock.
    """
    own = select(Meeting).where(Meeting.id == meeting.id)
    db.session.scalar(own.with_for_update(key_share=True).execution_options(populate_existing=True))


@action("rooms.open")
def open_room(person: Person, meeting: Meeting) -> Room:
    """Open the chat room of a meeting, or open it again; twice is once.

    Raise Conflict for a meeting that is not announced, is cancelled, or is more than a week away.
    """
    lock(meeting)
    if not opens_room(meeting):
        raise Conflict(_("De chat kan open vanaf een week voor het begin van een aangekondigde bijeenkomst."))
    found = db.session.get(MeetingRoom, meeting.id, populate_existing=True)
    if found is None:
        room = Room(audience_id=meeting.audience_id, title=meeting.title, purpose="")
        db.session.add(room)
        db.session.flush()
        db.session.add(MeetingRoom(meeting_id=meeting.id, room_id=room.id))
    else:
        room = found.room
        if room.closed is not None:
            room.closed, found.reopened = None, clock.now()
    db.session.flush()
    detail(room=room.id)
    return room


@action("rooms.close")
def close_room(person: Person, meeting: Meeting) -> Room:
    """Close the chat room of a meeting: everybody reads it, nobody writes in it. Raise Conflict where there is none."""
    lock(meeting)
    found = db.session.get(MeetingRoom, meeting.id, populate_existing=True)
    if found is None:
        raise Conflict(_("Deze bijeenkomst heeft nog geen chat."))
    if found.room.closed is None:
        found.room.closed = clock.now()
    detail(room=found.room_id)
    return found.room
