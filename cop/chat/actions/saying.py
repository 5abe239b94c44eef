"""Posting a message in a room, and marking how far somebody has read."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from cop import access, things
from cop.base.action import action
from cop.base.db import db
from cop.base.errors import Invalid
from cop.base.text import Text
from cop.base.words import _
from cop.chat.models import Message, Room, message_rows, require_open
from cop.society.people import Person
from cop.things.events import TextWritten


@action("messages.say", event=TextWritten)
def say(
    person: Person,
    room: Room,
    *,
    text: Text,
    client_id: uuid.UUID | None = None,
    reply_to: int | None = None,
    files: Sequence[int] = (),
) -> Message:
    """Add a message; the same client_id returns the same message again. Raise Conflict in a closed room."""
    before = things.find_repeated(
        person,
        Message,
        room,
        client_id,
        text,
        read=lambda message: message_rows([message.id])[0],
        reply_to=reply_to,
        files=files,
    )
    if before is not None:
        return before
    require_open(room)
    if reply_to is not None:
        _require_message(reply_to, room)
    role = access.rights(person).role_for(room) or "member"
    return things.write(person, Message(), room, text, role, reply_to=reply_to, client_id=client_id, files=files)


def _require_message(id: int, room: Room) -> None:
    answered = db.session.get(Message, id)
    if answered is None or answered.parent_id != room.id or answered.state != "live":
        raise Invalid(errors={"reply_to": _("Het bericht waarop u reageert staat niet (meer) in dit gesprek.")})


@action("rooms.mark", quiet=True)
def mark(person: Person, room: Room, *, seq: int) -> None:
    """Mark the room as read up to `seq`."""
    things.mark(person, room, seq)
