"""The chat happened: who is mentioned in a message is told, and whose message was hidden."""

from __future__ import annotations

from cop.base.db import db
from cop.base.events import Event, on
from cop.chat.models import Message, Room, people_in
from cop.notices import emails
from cop.notices.models import follows
from cop.notices.notifying import notify
from cop.things.events import TextWritten


@on("messages.say", "messages.edit")
def said(event: TextWritten) -> None:
    """Tells the mentioned, unless they muted the room, and mails those who are not in it."""
    if event.again or not event.mentions:
        return
    message: Message = event.result
    room = db.session.get_one(Room, message.parent_id)
    wanted = set(event.mentions) - follows(room.id)[1] - {message.author_id}
    mentioned = notify(
        wanted, "mention", place=room.id, thing=message.id, actor=message.author_id, audience=room.audience_id
    )
    emails.enqueue("mention", mentioned - {person.id for person in people_in(room.id)}, room, message.id)


@on("messages.hide")
def hidden(event: Event) -> None:
    """Whose message a moderator hid is event."""
    message = event.thing
    emails.withdraw(thing=message)
    if message.author_id != event.person.id:
        room = db.session.get_one(Room, message.parent_id)
        notify(
            {message.author_id},
            "hidden",
            place=room.id,
            thing=message.id,
            actor=event.person.id,
            audience=room.audience_id,
        )


@on("messages.retract")
def retracted(event: Event) -> None:
    """What was taken back is not mailed any more."""
    emails.withdraw(thing=event.thing)
