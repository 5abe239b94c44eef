"""Listeners and jobs: rooms that open and close with their meeting, and removed photos that are deleted for good."""

from __future__ import annotations

from sqlalchemy import delete, or_, select

from cop import access
from cop.base import clock, jobs
from cop.base.action import transaction
from cop.base.db import db
from cop.base.events import Event, on
from cop.base.web import cached
from cop.base.words import _
from cop.chat.models import ROOM, Room
from cop.chat.subjects import Subject, subject_finder
from cop.documents.actions.sweeping import keeps_blobs
from cop.meeting_rooms import actions
from cop.meeting_rooms.models import AFTER, BEFORE, UNDO, MeetingPhoto, MeetingRoom, room_of
from cop.meetings.models import OPEN, Meeting

keeps_blobs(MeetingPhoto.small, MeetingPhoto.large)


@jobs.job("meeting_rooms.open_and_close")
def open_and_close() -> None:
    """Open the rooms of meetings that begin, and close those of meetings that are over, each in a transaction of its own."""
    now = clock.now()
    without = select(MeetingRoom.meeting_id)
    begin = select(Meeting).where(
        Meeting.status.in_(OPEN), Meeting.starts <= now + BEFORE, Meeting.ends > now, Meeting.id.not_in(without)
    )
    for meeting in db.session.scalars(begin.order_by(Meeting.id)).all():
        actions.open_room(access.SYSTEM, meeting)
    over = (
        select(Meeting, MeetingRoom.reopened)
        .join(MeetingRoom, MeetingRoom.meeting_id == Meeting.id)
        .join(ROOM, ROOM.c.id == MeetingRoom.room_id)
        .where(ROOM.c.closed.is_(None), or_(Meeting.ends <= now - AFTER, Meeting.status == "cancelled"))
        .order_by(Meeting.id)
    )
    for meeting, reopened in db.session.execute(over).all():
        if reopened is None or reopened < meeting.ends + AFTER:  # else the team keeps it open
            actions.close_room(access.SYSTEM, meeting)
    with transaction():
        db.session.execute(delete(MeetingPhoto).where(MeetingPhoto.removed <= now - UNDO))


@on("meetings.cancel")
def cancelled(event: Event) -> None:
    """Close the room of a cancelled meeting."""
    room = room_of(event.thing.id)
    if room is not None and room.closed is None:
        actions.close_room(access.SYSTEM, event.thing)


@on("meetings.edit")
def renamed(event: Event) -> None:
    """Name the room of a meeting as the meeting is named now."""
    room = room_of(event.thing.id)
    if room is not None and room.title != event.thing.title:
        room.title = event.thing.title


@subject_finder
def meeting_of(room: Room) -> Subject | None:
    """Return the meeting of a room; which rooms have one never changes, so it is remembered."""
    its = select(MeetingRoom.meeting_id).where(MeetingRoom.room_id == room.id)
    id = cached(("meeting_of_room", room.id), lambda: db.session.scalar(its) or 0)
    meeting = db.session.get(Meeting, id) if id else None
    if meeting is None:
        return None
    why = ""
    if room.closed is not None:
        why = (
            _("De bijeenkomst gaat niet door. Daarom is deze chat gesloten; u kunt hem wel lezen.")
            if meeting.status == "cancelled"
            else _("Deze chat is gesloten en hoort bij het verslag van de bijeenkomst. U kunt alles nog lezen.")
        )
    return Subject(meeting.id, meeting.title, meeting.url, why)
