"""Verbs of meetings."""

from cop.meetings.actions.announcing import announce, cancel, hold, invite, move
from cop.meetings.actions.answering import leave_out, readdress, rsvp
from cop.meetings.actions.guests import (
    admit_guest,
    correct_guest,
    erase_guests,
    invite_guest,
    invite_guest_again,
    uninvite_guest,
)
from cop.meetings.actions.handing_over import hand_over
from cop.meetings.actions.planning import edit, plan, remove
from cop.meetings.actions.reminding import remind
from cop.meetings.actions.seating import pass_on
from cop.meetings.actions.series import announce_series, edit_series, plan_series

__all__ = [
    "admit_guest",
    "announce",
    "announce_series",
    "cancel",
    "correct_guest",
    "edit",
    "edit_series",
    "erase_guests",
    "hand_over",
    "hold",
    "invite",
    "invite_guest",
    "invite_guest_again",
    "leave_out",
    "move",
    "pass_on",
    "plan",
    "plan_series",
    "readdress",
    "remind",
    "remove",
    "rsvp",
    "uninvite_guest",
]
