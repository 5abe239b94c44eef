"""The chat happened: who is mentioned in a message is told, and whose message was hidden."""

from __future__ import annotations

from cop.base.action import Told, on
from cop.base.db import db
from cop.chat.models import Message, Room, people_in
from cop.notices import letters
from cop.notices.models import follows, tell


@on("messages.say", "messages.edit")
def said(told: Told) -> None:
    """Tells the mentioned, unless they muted the room, and mails those who are not in it."""
    if told.details.get("again") or not told.details["mentions"]:
        return
    message: Message = told.result
    room = db.session.get_one(Room, message.parent_id)
    wanted = set(told.details["mentions"]) - follows(room.id)[1] - {message.author_id}
    mentioned = tell(
        wanted, "mention", place=room.id, thing=message.id, actor=message.author_id, community=room.community_id
    )
    letters.post("mention", mentioned - {person.id for person in people_in(room.id)}, room, message.id)


@on("messages.hide")
def hidden(told: Told) -> None:
    """Whose message a moderator hid is told."""
    message = told.thing
    letters.withdraw(thing=message)
    if message.author_id != told.person.id:
        room = db.session.get_one(Room, message.parent_id)
        tell(
            {message.author_id},
            "hidden",
            place=room.id,
            thing=message.id,
            actor=told.person.id,
            community=room.community_id,
        )


@on("messages.retract")
def retracted(told: Told) -> None:
    """What was taken back is not mailed any more."""
    letters.withdraw(thing=told.thing)
