"""Input and output that every kind of thing has in common."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, Protocol

from pydantic import Field

from cop.base import clock
from cop.base.forms import LARGEST_ID, Form, Out, Required, Unjudged, Whole
from cop.things.reacting import reactions
from cop.things.spine import Author, AuthorRow

PAGE = 50  # things in a slice, unless the request says otherwise


class Reason(Form):
    """The reason why a text is hidden, shown to its author and the other readers."""

    reason: Required


class Drafted(Form):
    """Input with a text that was a draft: its revision and writer, and the stored revision that it builds on."""

    draft_base: Annotated[int, Field(ge=0, le=LARGEST_ID)] | None = None
    draft_revision: Annotated[int, Field(ge=0, le=LARGEST_ID)] = 0
    draft_writer: Annotated[str, Whole, Field(max_length=36), Unjudged()] = ""


class React(Form):
    """A reaction."""

    kind: Literal["thanks", "useful", "agree", "idea", "thumbs", "heart", "laugh", "cheer", "wow", "care"]


class Seq(Form):
    """The position up to which a person has read."""

    seq: Annotated[int, Field(ge=0, le=LARGEST_ID)]


class Paging(Form):
    """A slice of the things in a place by position, or those that changed after a position."""

    after: Annotated[int, Field(ge=0, le=LARGEST_ID)] | None = None
    before: Annotated[int, Field(ge=0, le=LARGEST_ID)] | None = None
    changed_after: Annotated[int, Field(ge=0, le=LARGEST_ID)] | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = PAGE


class TextRow(AuthorRow, Protocol):
    """A row of a thing with its text and the names of its author."""

    @property
    def id(self) -> int: ...
    @property
    def made(self) -> datetime: ...
    @property
    def html(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def state(self) -> str: ...
    @property
    def seq(self) -> int: ...
    @property
    def changed(self) -> int: ...


class TextOut(Out):
    """A thing with a text in the API; a hidden or retracted one has no text."""

    id: int
    kind: str
    url: str
    author: Author
    created_at: str
    html: str
    version: int
    state: str
    seq: int
    changed: int
    reactions: dict[str, list[int]] = {}  # the ids of the people who reacted, by kind of reaction

    @classmethod
    def of_rows(cls, rows: Sequence[Any]) -> list[dict[str, Any]]:
        """Return the fields of several rows, with the reactions to those that are shown."""
        fields = super().of_rows(rows)
        found = reactions(one["id"] for one in fields if one["state"] == "live")
        return [{**one, "reactions": found.get(one["id"], {})} for one in fields]

    @staticmethod
    def text_fields(row: TextRow) -> dict[str, object]:
        """Return the fields that every kind has, from a row."""
        return {
            "id": row.id,
            "author": Author.of(row),
            "created_at": clock.rfc3339(row.made),
            "html": row.html if row.state == "live" else "",
            "version": row.version,
            "state": row.state,
            "seq": row.seq,
            "changed": row.changed,
        }
