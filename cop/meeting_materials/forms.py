"""Input and output models of the endpoints of meeting materials."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from cop.base import clock
from cop.base.forms import Form, Line, Lines, Out
from cop.meeting_materials.models import MaterialRow


class Search(Form):
    """Words in the title of the threads and documents to choose from."""

    q: Line = ""


class AttachAddress(Form):
    """The address of a thread or document on this platform."""

    address: Annotated[Lines, Field(min_length=1, max_length=500)]


class MaterialOut(Out):
    """A thread or document in the API; `attached`: it belongs to the meeting."""

    id: int
    kind: str
    url: str
    title: str
    created_at: str
    attached: bool

    @classmethod
    def of(cls, row: MaterialRow) -> dict[str, Any]:
        """Return the fields of a material."""
        return {
            "id": row.id,
            "kind": row.shown_kind,
            "url": row.url,
            "title": row.title,
            "created_at": clock.rfc3339(row.made),
            "attached": bool(row.attached),
        }
