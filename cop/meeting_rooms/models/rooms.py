"""The chat room of a meeting."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cop import access
from cop.base import clock
from cop.base.db import Base, db
from cop.base.errors import NotFound
from cop.chat.models import Room
from cop.meetings.models import OPEN, Meeting
from cop.society.people import Person

BEFORE = timedelta(hours=1)  # the start, when a room opens by itself
EARLIEST = timedelta(days=7)  # before the start, when the team can open it
AFTER = timedelta(hours=24)  # the end, when it closes by itself
ADDING = timedelta(days=14)  # after the end, as long as rounds are started and photos added
MARKED = (*OPEN, "held")  # the states of a meeting that can have a room, rounds and photos


class MeetingRoom(Base):
    """The room of a meeting; `reopened` is when the team opened it again after it had closed."""

    __tablename__ = "meeting_room"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("room.id", ondelete="CASCADE"), unique=True)
    reopened: Mapped[datetime | None]

    meeting: Mapped[Meeting] = relationship()
    room: Mapped[Room] = relationship()


def room_of(meeting_id: int) -> Room | None:
    """Return the room of a meeting, None while it has none."""
    return db.session.scalar(
        select(Room).join(MeetingRoom, MeetingRoom.room_id == Room.id).where(MeetingRoom.meeting_id == meeting_id)
    )


def find_meeting(person: Person, id: int) -> Meeting:
    """Return an announced meeting in whose audience a person is; raise NotFound for others, and for its guests."""
    meeting = access.find(person, Meeting, id)
    if meeting.status == "draft" or access.rights(person).role(meeting.audience_id) is None:
        raise NotFound
    return meeting


def opens_room(meeting: Meeting) -> bool:
    """Return whether the team can open the room of a meeting, for the first time or again."""
    return meeting.status in MARKED and clock.now() >= meeting.starts - EARLIEST


def open_for_adding(meeting: Meeting) -> bool:
    """Return whether rounds are started and photos added: from an hour before the start until two weeks after the end."""
    return meeting.status in MARKED and meeting.starts - BEFORE <= clock.now() < meeting.ends + ADDING
