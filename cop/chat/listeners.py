"""What chat does when something happened: who is in the room sees it, and what grew from it is named there."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from sqlalchemy import Row, Select, select

from cop import things
from cop.base import live
from cop.base.action import Told, after, on
from cop.base.db import db
from cop.base.web import render
from cop.chat.actions.correcting import touch
from cop.chat.models import Message, ensure_room, message_rows
from cop.programmes.models import Community


@on("communities.add")
def open_room(told: Told) -> None:
    """A new community gets its room."""
    community: Community = told.result
    ensure_room(community)


def show(room_id: int, verb: str, ids: Iterable[int]) -> None:
    """Sends these messages to everybody in the room, as the page shows them, in the order of their change."""
    if not live.heard(f"room:{room_id}"):
        return
    rows = sorted(message_rows(ids), key=lambda row: row.changed)
    attachments, reactions = things.attachments(r.id for r in rows), things.reactions(r.id for r in rows)
    db.session.rollback()

    def shown(row: Row[Any]) -> str:
        return render("chat/_message.html", message=row, attachments=attachments, reactions=reactions)

    for row in rows:
        live.tell(f"room:{room_id}", row.changed, verb, row.id, partial(shown, row))


@after("messages.say")
def said(told: Told) -> None:
    """A new message."""
    if not told.details.get("again"):
        show(told.thing.id, told.verb, [told.result.id])


@after(
    "messages.edit",
    "messages.retract",
    "messages.restore",
    "messages.hide",
    "messages.unhide",
    "messages.react",
    "messages.unreact",
)
def changed(told: Told) -> None:
    """A message that changed, and those that quote it and changed along."""
    message: Message = told.thing
    along = db.session.scalars(
        select(Message.id).where(Message.reply_to_id == message.id, Message.changed > message.changed)
    )
    show(message.parent_id or 0, told.verb, [message.id, *along])


@on("threads.start")
def became(told: Told) -> None:
    """The messages from which a thread grew say so."""
    if told.details.get("again"):
        return
    grown = select(Message).where(Message.id.in_(told.details.get("sources", []))).order_by(Message.id)
    for message in db.session.scalars(grown).all():
        message.became_id = told.result.id
        touch(message)


@on("threads.retitle", "threads.hide", "threads.unhide", "threads.retract", "threads.move")
def renamed(told: Told) -> None:
    """The thread that messages became is called otherwise, or may no longer be named."""
    for message in db.session.scalars(_grown_into(told.thing.id)).all():
        touch(message)


@after("threads.start", "threads.retitle", "threads.hide", "threads.unhide", "threads.retract", "threads.move")
def show_grown(told: Told) -> None:
    """Everybody in the rooms sees what their messages became."""
    if told.details.get("again"):
        return
    by_room: dict[int, list[int]] = {}
    for message in db.session.scalars(_grown_into(told.result.id)):
        by_room.setdefault(message.parent_id or 0, []).append(message.id)
    for room, ids in by_room.items():
        show(room, told.verb, ids)


def _grown_into(thread: int) -> Select[Message]:
    return select(Message).where(Message.became_id == thread).order_by(Message.id)
