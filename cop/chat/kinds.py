"""The kinds of things in this feature: rooms and messages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from sqlalchemy import select

from cop import things
from cop.base.db import db
from cop.base.web import render
from cop.base.words import _
from cop.chat.models import BODY, LINK, Message, Room, message_rows, people_in
from cop.things import Change, Fragment, Kind, Thing, kinds


def message_fragments(ids: Sequence[int]) -> list[Fragment]:
    """Return messages as everybody in their room sees them."""
    rows = message_rows(ids)
    attached, reacted = things.attachments(ids), things.reactions(ids)
    return [
        Fragment(
            row.id,
            row.changed,
            partial(render, "chat/_message.html", message=row, attachments=attached, reactions=reacted),
        )
        for row in rows
    ]


def quoting(change: Change) -> Iterable[Thing]:
    """Return the messages that quote the text of a changed message, or show the title of a changed thread made from them."""
    thing, names = change.thing, change.names
    if isinstance(thing, Message) and names & {"body", "state"}:
        quotes = select(BODY.c.thing_id).where(BODY.c.reply_to_id == thing.id)
        yield from db.session.scalars(
            select(Message).where(Message.id.in_(quotes), Message.state == "live").order_by(Message.seq)
        )
    elif thing.kind == "thread" and names & {"title", "state", "audience_id"}:
        sources = select(LINK.c.to_id).where(LINK.c.from_id == thing.id, LINK.c.kind == "source")
        yield from db.session.scalars(select(Message).where(Message.id.in_(sources)).order_by(Message.id))


ROOMS = kinds.register(
    Kind(
        Room,
        path="/rooms",
        icon="chat",
        noun=lambda: _("Chat"),
        plural=lambda: _("Chat"),
        live=True,
        present=lambda id: {person.id for person in people_in(id)},
    )
)
MESSAGES = kinds.register(
    Kind(
        Message,
        path="/messages",
        icon="chat",
        noun=lambda: _("Chat"),
        plural=lambda: _("Chat"),
        place="room",
        fragments=message_fragments,
        dependents=quoting,
        index=things.text_entries("message"),
        rank=-1,
        typed="chat live livegesprek chatbericht chatberichten message messages",
    )
)
