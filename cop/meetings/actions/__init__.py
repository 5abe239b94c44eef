"""Verbs of meetings."""

from cop.meetings.actions.announcing import announce, cancel, hold, invite, move
from cop.meetings.actions.answering import leave_out, readdress, rsvp
from cop.meetings.actions.planning import edit, plan, remove
from cop.meetings.actions.reminding import remind

__all__ = [
    "announce",
    "cancel",
    "edit",
    "hold",
    "invite",
    "leave_out",
    "move",
    "plan",
    "readdress",
    "remind",
    "remove",
    "rsvp",
]
