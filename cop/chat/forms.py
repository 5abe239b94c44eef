"""What the doors of chat take and give."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints, model_validator

from cop.base import clock, text
from cop.base.forms import LARGEST_ID, Form, Id, Ids, Key, Out, Required, Whole, Written
from cop.chat.models import PAGE
from cop.things import Author

LONGEST = 10_000  # characters: what is longer is a post
_BREAK = re.compile(r"(?<=\S) ?\n(?=\S)")


class Talk(Written):
    """Text as people type it in a chat."""

    body: Annotated[str, Whole, StringConstraints(max_length=LONGEST)]

    @model_validator(mode="after")
    def keep_lines(self) -> Talk:
        """A line break in a chat is meant; Markdown wants two spaces before it."""
        if self.format == "markdown":
            self.body = _BREAK.sub("  \n", self.body.replace("\r\n", "\n"))
        return self


class Say(Talk):
    """A new message; a file may come without words."""

    client_id: Key | None = None
    reply_to: Id | None = None
    files: Ids = []

    def given(self) -> dict[str, Any]:
        """As Written.given, but with files the text may be empty."""
        if self.body.strip() or not self.files:
            return super().given()
        given = {name: getattr(self, name) for name in self.model_fields_set - {"body", "format"}}
        return {**given, "text": text.render("", self.format)}


class Edit(Talk):
    """Another text for a message, on top of the version that was read."""

    base_version: Annotated[int, Field(ge=1, le=LARGEST_ID)] | None = None


class Reason(Form):
    """Why a message is hidden: its author and the circle read it."""

    reason: Required


class React(Form):
    """How somebody reacts."""

    kind: Literal["thanks", "useful", "agree", "idea"]


class Seq(Form):
    """Up to where somebody has read."""

    seq: Annotated[int, Field(ge=0, le=LARGEST_ID)]


class Chosen(Form):
    """The messages from which a thread is made."""

    messages: Ids = []


class Paging(Form):
    """Which stretch of a room."""

    after: Annotated[int, Field(ge=0, le=LARGEST_ID)] | None = None
    before: Annotated[int, Field(ge=0, le=LARGEST_ID)] | None = None
    changed_after: Annotated[int, Field(ge=0, le=LARGEST_ID)] | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = PAGE


class Showing(Paging):
    """Which stretch of a room its page shows; whether messages are being chosen; which one is being answered."""

    choose: bool = False
    reply_to: Id | None = None


class RoomOut(Out):
    """A room for programs."""

    id: int
    kind: str = "room"
    url: str
    title: str
    purpose: str
    community: int | None
    created_at: str
    version: int
    state: str
    seq: int

    @classmethod
    def of(cls, row: Any) -> dict[str, Any]:
        """From a row of `models.rooms` or a Room."""
        return {
            "id": row.id,
            "url": f"/rooms/{row.id}",
            "title": row.title,
            "purpose": row.purpose,
            "community": row.community_id,
            "created_at": clock.rfc3339(row.made),
            "version": row.version,
            "state": row.state,
            "seq": row.last_seq,
        }


class MessageOut(Out):
    """A message for programs; of a hidden or retracted one no text is given."""

    id: int
    kind: str = "message"
    url: str
    room: int
    author: Author
    created_at: str
    html: str
    version: int
    state: str
    seq: int
    changed: int
    reply_to: int | None

    @classmethod
    def of(cls, row: Any) -> dict[str, Any]:
        """From a row of `models.messages`."""
        return {
            "id": row.id,
            "url": f"/messages/{row.id}",
            "room": row.room_id,
            "author": Author.of(row),
            "created_at": clock.rfc3339(row.made),
            "html": row.html if row.state == "live" else "",
            "version": row.version,
            "state": row.state,
            "seq": row.seq,
            "changed": row.changed,
            "reply_to": row.reply_to_id,
        }


class PersonOut(BaseModel):
    """Somebody who is in a room."""

    id: int
    name: str


class HarvestOut(BaseModel):
    """The draft that was made from messages, and where it is finished and posted."""

    place: str
    url: str
    title: str
    body: str
