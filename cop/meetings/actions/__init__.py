"""Verbs of meetings."""

from cop.meetings.actions.announcing import announce, cancel, hold, invite, move
from cop.meetings.actions.answering import leave_out, readdress, rsvp
from cop.meetings.actions.handing_over import hand_over
from cop.meetings.actions.planning import edit, plan, remove
from cop.meetings.actions.reminding import remind
from cop.meetings.actions.seating import pass_on
from cop.meetings.actions.series import announce_series, plan_series

__all__ = [
    "announce",
    "announce_series",
    "cancel",
    "edit",
    "hand_over",
    "hold",
    "invite",
    "leave_out",
    "move",
    "pass_on",
    "plan",
    "plan_series",
    "readdress",
    "remind",
    "remove",
    "rsvp",
]
