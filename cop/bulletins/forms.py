"""Input and output models of the endpoints of bulletins."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from cop.base import clock
from cop.base.forms import Form, Id, Key, Line, Out, Required, Written
from cop.bulletins.models import PAGE, Bulletin, BulletinRow
from cop.things import Author, body_of
from cop.things.forms import Drafted


class Draft(Form):
    """For whom a bulletin is: the slug of a community, or nothing for the whole programme."""

    community: Line = ""


class Edit(Written, Drafted):
    """The subject and the text of a bulletin, with the version that they are based on; client_id: of the kept draft."""

    title: Required
    client_id: Key | None = None
    base_version: Id | None = None


class Send(Form):
    """The version of the bulletin that was read before sending it."""

    base_version: Id | None = None


class Listing(Form):
    """The bulletins of a programme to list; only its team lists drafts, and what was removed or withdrawn."""

    show: Literal["sent", "drafts", "removed"] = "sent"
    after: Annotated[str, Field(max_length=40)] | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = PAGE


class ListedOut(Out):
    """A bulletin in a list; without `community` it is for the whole programme."""

    id: int
    title: str
    url: str
    state: Literal["draft", "live", "retracted"]
    version: int
    community: str
    author: str
    sent: str | None
    corrected: str | None

    @classmethod
    def of(cls, row: BulletinRow) -> dict[str, Any]:
        """Return the fields of a row of a list."""
        return {
            **{name: getattr(row, name) for name in ("id", "title", "state", "version", "author")},
            "url": f"/bulletins/{row.id}",
            "community": row.audience,
            "sent": clock.rfc3339(row.sent) if row.sent else None,
            "corrected": clock.rfc3339(row.edited) if row.edited else None,
        }


class BulletinOut(Out):
    """A bulletin with its text, as HTML and as it was written."""

    id: int
    kind: str = "bulletin"
    title: str
    url: str
    state: Literal["draft", "live", "retracted"]
    version: int
    community_id: int | None
    author: Author
    sent: str | None
    corrected: str | None
    html: str
    source: str
    format: str

    @classmethod
    def of(cls, row: Bulletin) -> dict[str, Any]:
        """Return the fields of a bulletin."""
        body = body_of(row)
        return {
            **{name: getattr(row, name) for name in ("id", "title", "url", "state", "version", "community_id")},
            "author": Author.of(row),
            "sent": clock.rfc3339(row.sent) if row.sent else None,
            "corrected": clock.rfc3339(row.edited) if row.edited else None,
            "html": body.html,
            "source": body.source,
            "format": body.format,
        }
