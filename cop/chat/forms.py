"""Input and output models of the endpoints of chat."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, Field, StringConstraints

from cop.base import clock, text
from cop.base.forms import LARGEST_ID, Form, Id, Ids, Key, Out, Whole, Written
from cop.chat.models import MessageRow, Room, RoomRow
from cop.things.forms import Drafted, Paging, TextOut

LONGEST = 10_000  # characters; a longer text is a post


class Talk(Written):
    """Text as people type it in a chat."""

    body: Annotated[str, Whole, StringConstraints(max_length=LONGEST)]


class Say(Talk, Drafted):
    """A new message; one with files needs no text."""

    client_id: Key | None = None
    reply_to: Id | None = None
    files: Ids = []

    def given(self) -> dict[str, Any]:
        """Return the fields as `Written.given` does, but accept an empty text with files."""
        if self.body.strip() or not self.files:
            return super().given()
        given = {name: getattr(self, name) for name in self.model_fields_set - {"body", "format"}}
        return {**given, "text": text.render("", self.format)}


class Edit(Talk):
    """A new text for a message, with the version it is based on."""

    base_version: Annotated[int, Field(ge=1, le=LARGEST_ID)] | None = None


class Chosen(Form):
    """The messages from which a thread is made."""

    messages: Ids = []


class Showing(Paging):
    """The slice of a room to show; `choose`: select messages for a thread; `reply_to`: the message to reply to."""

    choose: bool = False
    reply_to: Id | None = None


class RoomOut(Out):
    """A room in the API."""

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
    closed: str | None

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
            "closed": clock.rfc3339(row.closed) if row.closed else None,
        }


class MessageOut(TextOut):
    """A message in the API."""

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
    """A person who is in a room."""

    id: int
    name: str


class HarvestOut(BaseModel):
    """The draft made from messages, and the address where the person finishes it."""

    client_id: str
    place: str
    format: str
    url: str
    title: str
    body: str
