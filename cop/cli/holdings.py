"""The contents of a platform: rows per table, and the files that rows refer to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, func, inspect, select, table

from cop.base.db import Base
from cop.base.files import Blob
from cop.base.questionnaires import Attachment
from cop.documents.models import Version
from cop.meeting_rooms.models import MeetingPhoto
from cop.society.people import Person
from cop.society.programmes import Programme
from cop.things import Picture

UNMEASURED = -1  # no row holds the size of a portrait or of a copy of a picture


def counts(connection: Connection, tables: Iterable[str] = ()) -> dict[str, int]:
    """Return the number of rows by table, for `tables` or else for every table of the product that exists."""
    asked = tables or sorted(set(Base.metadata.tables) & set(inspect(connection).get_table_names()))
    return {name: connection.scalar(select(func.count()).select_from(table(name))) or 0 for name in asked}


def blobs(connection: Connection) -> Iterator[Blob]:
    """Yield every version of every file, attachment, portrait, logo, photo and copy of a picture; each content once."""
    seen: set[str] = set()
    for kind in (Version, Attachment):
        files = select(kind.sha256, kind.size, kind.media_type).distinct()
        for row in connection.execute(files.order_by(kind.sha256)):
            if row.sha256 not in seen:
                seen.add(row.sha256)
                yield Blob(row.sha256, row.size, row.media_type)
    photos = (MeetingPhoto.small, MeetingPhoto.large)
    for column in (Person.photo, Picture.small, Picture.medium, Picture.large, *photos, Programme.logo):
        media_type = "image/png" if column is Programme.logo else "image/webp"
        for drawn in connection.scalars(select(column).distinct()):
            if drawn and drawn not in seen:
                seen.add(drawn)
                yield Blob(drawn, UNMEASURED, media_type)
