"""Input and output of the pages of operations."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field, field_serializer

from cop.base import clock
from cop.base.forms import LARGEST_ID, Form, Line, Out
from cop.operations.models import SHOWN


class JournalFilter(Form):
    """Which entries of the journal."""

    verb: Line = ""
    after: Annotated[int, Field(ge=1, le=LARGEST_ID)] | None = None
    limit: Annotated[int, Field(ge=1, le=SHOWN)] = SHOWN


class Moments(BaseModel):
    """Moments in the format of the API."""

    @field_serializer("at", "made", "last_backup", check_fields=False)
    def moment(self, value: datetime | None) -> str | None:
        """RFC 3339, UTC."""
        return clock.rfc3339(value) if value else None


class EmailOut(Moments):
    """A mail that was not delivered; its text is not shown. It can be sent again only while its text is kept."""

    id: int
    kind: str
    address: str
    state: str
    error: str | None
    made: datetime
    kept: bool = True


class JobOut(Moments):
    """A job that was given up."""

    id: int
    name: str
    arguments: list[Any]
    state: str
    error: str | None
    made: datetime


class Uploads(BaseModel):
    """What a sweep would remove: attachments never posted, files nothing refers to, and their size in bytes."""

    drafts: int
    blobs: int
    size: int


class Overview(Moments):
    """The state of the platform."""

    mails: dict[str, int]
    jobs: dict[str, int]
    undelivered: list[EmailOut]
    dead: list[JobOut]
    uploads: Uploads
    worker: bool
    last_backup: datetime | None


class EntryOut(Moments, Out):
    """An entry of the journal."""

    id: int
    at: datetime
    verb: str
    person: int | None
    name: str
    kind: str | None
    thing: int | None
    community: int | None
    details: dict[str, Any]

    @classmethod
    def of(cls, row: Any) -> dict[str, Any]:
        """Return the fields from a row of `models.entries`."""
        return {
            "id": row.id,
            "at": row.at,
            "verb": row.verb,
            "person": row.person_id,
            "name": row.person_name or "",
            "kind": row.object_kind,
            "thing": row.object_id,
            "community": row.community_id,
            "details": row.details,
        }
