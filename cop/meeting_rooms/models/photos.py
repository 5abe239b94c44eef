"""The photos of a meeting."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ForeignKey, Index, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cop.base import clock
from cop.base.db import Base, db
from cop.base.errors import NotFound
from cop.meeting_rooms.models.rooms import find_meeting
from cop.meetings.models import Meeting
from cop.society.people import Person, shown_name

ALT = 300  # characters that say what is to be seen
ROWS = 3  # photos that one form takes
PHOTOS = 200  # of a meeting
UNDO = timedelta(days=1)  # as long as a removed photo can be put back


class MeetingPhoto(Base):
    """A photo of a meeting: two copies without metadata in the file store, by their SHA-256, and the size of the large one.

    removed: when it was taken away; a day later the row is deleted, and the copies with it.
    """

    __tablename__ = "meeting_photo"
    __table_args__ = (Index("ix_meeting_photo_meeting", "meeting_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    alt: Mapped[str] = mapped_column(Text)
    small: Mapped[str] = mapped_column(String(64))
    large: Mapped[str] = mapped_column(String(64))
    width: Mapped[int]
    height: Mapped[int]
    made: Mapped[datetime] = mapped_column(default=clock.now)
    removed: Mapped[datetime | None]

    meeting: Mapped[Meeting] = relationship()

    @property
    def audience_id(self) -> int:
        """The audience of its meeting."""
        return self.meeting.audience_id


class PhotoRow(NamedTuple):
    """A photo as pages show it."""

    id: int
    meeting_id: int
    person_id: int
    name: str
    alt: str
    width: int
    height: int
    made: datetime

    @property
    def url(self) -> str:
        return f"/photos/{self.id}"


def photos_of(meeting_id: int, id: int | None = None) -> list[PhotoRow]:
    """Return the photos of a meeting, the newest first; with an id only that one."""
    query = (
        select(
            MeetingPhoto.id,
            MeetingPhoto.meeting_id,
            MeetingPhoto.person_id,
            Person.name,
            Person.former,
            MeetingPhoto.alt,
            MeetingPhoto.width,
            MeetingPhoto.height,
            MeetingPhoto.made,
        )
        .join(Person, Person.id == MeetingPhoto.person_id)
        .where(MeetingPhoto.meeting_id == meeting_id, MeetingPhoto.removed.is_(None))
        .order_by(MeetingPhoto.id.desc())
    )
    query = query if id is None else query.where(MeetingPhoto.id == id)
    return [
        PhotoRow(
            row.id,
            row.meeting_id,
            row.person_id,
            shown_name(row.name, row.former),
            row.alt,
            row.width,
            row.height,
            row.made,
        )
        for row in db.session.execute(query)
    ]


def find_photo(person: Person, id: int, *, removed: bool = False) -> MeetingPhoto:
    """Return a photo of a meeting in whose audience the person is; with `removed` also one that was taken away."""
    photo = db.session.get(MeetingPhoto, id)
    if photo is None or (photo.removed is not None and not removed):
        raise NotFound
    find_meeting(person, photo.meeting_id)
    return photo
