"""Seats that become free go to those who have waited longest."""

from __future__ import annotations

from cop.base import clock
from cop.base.db import db
from cop.meetings.mailing import write
from cop.meetings.models import Meeting, first_waiting, lock, seats


def promote(meeting: Meeting) -> list[int]:
    """Give the free seats to those who wait, mail them, and return their ids; the meeting is locked already."""
    if not meeting.answerable:
        return []
    taken = seats(meeting.id).yes
    free = None if meeting.capacity is None else max(meeting.capacity - taken, 0)
    promoted = []
    for invitee in first_waiting(meeting.id, free):
        invitee.answer, invitee.place = "yes", None
        db.session.flush()
        promoted.append(invitee.person_id)
        write("seat", meeting, invitee, "REQUEST", sequence=lock(meeting), stamp=clock.now())
    db.session.flush()
    return promoted
