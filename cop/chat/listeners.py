"""What chat does when something happened: who is in the room sees it, and what grew from it is named there."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from sqlalchemy import Row, Select, select

from cop import things
from cop.base import live
from cop.base.db import db
from cop.base.events import Event, after, on
from cop.base.web import render
from cop.chat.actions.correcting import touch
from cop.chat.models import Message, ensure_room, message_rows
from cop.society.programmes import Community
from cop.things.events import TextWritten


@on("communities.add")
def open_room(event: Event) -> None:
    """A new community gets its room."""
    community: Community = event.result
    ensure_room(community)


def show(room_id: int, verb: str, ids: Iterable[int]) -> None:
    """Sends these messages to everybody in the room, as the page shows them, in the order of their change."""
    if not live.has_listeners(f"room:{room_id}"):
        return
    rows = sorted(message_rows(ids), key=lambda row: row.changed)
    attachments, reactions = things.attachments(r.id for r in rows), things.reactions(r.id for r in rows)
    db.session.rollback()

    def shown(row: Row[Any]) -> str:
        return render("chat/_message.html", message=row, attachments=attachments, reactions=reactions)

    for row in rows:
        live.publish(f"room:{room_id}", row.changed, verb, row.id, partial(shown, row))


@after("messages.say")
def said(event: TextWritten) -> None:
    """A new message."""
    if not event.again:
        show(event.thing.id, event.verb, [event.result.id])


@after(
    "messages.edit",
    "messages.retract",
    "messages.restore",
    "messages.hide",
    "messages.unhide",
    "messages.react",
    "messages.unreact",
)
def changed(event: Event) -> None:
    """A message that changed, and those that quote it and changed along."""
    message: Message = event.thing
    along = db.session.scalars(
        select(Message.id).where(Message.reply_to_id == message.id, Message.changed > message.changed)
    )
    show(message.parent_id or 0, event.verb, [message.id, *along])


@on("threads.start")
def became(event: TextWritten) -> None:
    """The messages from which a thread grew say so."""
    if event.again:
        return
    grown = select(Message).where(Message.id.in_(event.sources)).order_by(Message.id)
    for message in db.session.scalars(grown).all():
        message.became_id = event.result.id
        touch(message)


@on("threads.retitle", "threads.hide", "threads.unhide", "threads.retract", "threads.move")
def renamed(event: Event) -> None:
    """The thread that messages became is called otherwise, or may no longer be named."""
    for message in db.session.scalars(_grown_into(event.thing.id)).all():
        touch(message)


@after("threads.start", "threads.retitle", "threads.hide", "threads.unhide", "threads.retract", "threads.move")
def show_grown(event: Event) -> None:
    """Everybody in the rooms sees what their messages became."""
    if isinstance(event, TextWritten) and event.again:
        return
    by_room: dict[int, list[int]] = {}
    for message in db.session.scalars(_grown_into(event.result.id)):
        by_room.setdefault(message.parent_id or 0, []).append(message.id)
    for room, ids in by_room.items():
        show(room, event.verb, ids)


def _grown_into(thread: int) -> Select[Message]:
    return select(Message).where(Message.became_id == thread).order_by(Message.id)
