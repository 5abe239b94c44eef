"""Correcting messages: edit with history, retract, hide, redact and react."""

from __future__ import annotations

from cop.chat.models import Message
from cop.things import Corrections

MESSAGES = Corrections(Message, "messages")
