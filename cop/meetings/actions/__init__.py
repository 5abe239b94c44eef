"""Verbs of meetings."""

from cop.meetings.actions.announcing import announce, cancel, hold, move
from cop.meetings.actions.answering import leave_out, rsvp
from cop.meetings.actions.planning import edit, plan, remove

__all__ = ["announce", "cancel", "edit", "hold", "leave_out", "move", "plan", "remove", "rsvp"]
