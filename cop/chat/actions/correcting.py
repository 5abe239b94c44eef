"""Correcting messages: edit with history, retract, hide, redact and react; in a closed room only what takes words away."""

from __future__ import annotations

from cop.base.db import db
from cop.chat.models import Message, Room, require_open
from cop.things import Corrections


def _check(message: Message) -> None:
    require_open(db.session.get_one(Room, message.parent_id))


MESSAGES = Corrections(Message, "messages", _check)
