"""The chat happened: who is mentioned in a message is told."""

from __future__ import annotations

from sqlalchemy import select

from cop.access import readers_of
from cop.base.action import Told, on
from cop.base.db import db
from cop.notices import letters, models
from cop.people.models import Person


@on("messages.say")
def said(told: Told) -> None:
    """Tells and mails the mentioned, unless they muted the room."""
    mentions = told.details.get("mentions", [])
    if not mentions or told.details.get("again"):
        return
    room, message = told.thing, told.result
    may = set(db.session.scalars(select(Person.id).where(Person.id.in_(mentions), readers_of(room.community_id))))
    chosen = may - models.muted(room.id) - {message.author_id}
    models.tell(chosen, "mention", place=room.id, thing=message.id, actor=message.author_id, community=room.community_id)
    letters.post("mention", chosen, room, message.id)
