"""What the doors of chat take and give."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import BaseModel, Field, StringConstraints, model_validator

from cop.base import clock, text
from cop.base.forms import LARGEST_ID, Form, Id, Ids, Key, Out, Whole, Written
from cop.chat.models import MessageRow, Room, RoomRow
from cop.things.forms import Paging, TextOut

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


class Chosen(Form):
    """The messages from which a thread is made."""

    messages: Ids = []


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
    def of(cls, row: RoomRow | Room) -> dict[str, object]:
        """Return the fields of a room."""
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


class MessageOut(TextOut):
    """A message, in JSON."""

    kind: str = "message"
    room: int
    reply_to: int | None

    @classmethod
    def of(cls, row: MessageRow) -> dict[str, object]:
        """Return the fields of a message."""
        return {
            **cls.text_fields(row),
            "url": f"/messages/{row.id}",
            "room": row.room_id,
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
