"""Saying something in a room, and noting how far one has read there."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from cop import access, things
from cop.base import clock
from cop.base import text as texts
from cop.base.action import action, detail
from cop.base.db import db
from cop.base.errors import Invalid
from cop.base.text import Text
from cop.base.words import _
from cop.chat.models import Message, Room
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
    """Adds a message; the same client_id gives the same message again."""
    if (before := things.find_by_client_id(person, Message, client_id)) is not None:
        return before
    if reply_to is not None:
        _answerable(reply_to, room)
    html, mentioned = texts.mention(text.html, access.names_here(room, text.source))
    seq = things.next_seq(room)
    message = Message(
        audience_id=room.audience_id,
        parent_id=room.id,
        seq=seq,
        changed=seq,
        source=text.source,
        format=text.format,
        html=html,
        plain=text.plain,
        text_version=texts.VERSION,
        reply_to_id=reply_to,
        client_id=str(client_id) if client_id else None,
        made=clock.now(),
    )
    things.sign(message, person, access.rights(person).role_for(room) or "member")
    things.add(message)
    things.attach(message, person, [*files, *texts.references(html)])
    things.mark(person, room, seq)
    things.drop_draft(person, room.place)
    detail(message=message.id, mentions=mentioned)
    return message


def _answerable(id: int, room: Room) -> None:
    answered = db.session.get(Message, id)
    if answered is None or answered.parent_id != room.id or answered.state != "live":
        raise Invalid(errors={"reply_to": _("Het bericht waarop u reageert staat niet (meer) in dit gesprek.")})


@action("rooms.mark", quiet=True)
def mark(person: Person, room: Room, *, seq: int) -> None:
    """Notes that the person has read up to `seq`."""
    things.mark(person, room, seq)
