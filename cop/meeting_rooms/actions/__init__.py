"""Verbs of the room of a meeting, its rounds and its photos."""

from cop.meeting_rooms.actions.asking_round import answer, close, remove, reopen, restore, start, withdraw
from cop.meeting_rooms.actions.opening import close_room, open_room
from cop.meeting_rooms.actions.picturing import add_photo, remove_photo, restore_photo

__all__ = [
    "add_photo",
    "answer",
    "close",
    "close_room",
    "open_room",
    "remove",
    "remove_photo",
    "reopen",
    "restore",
    "restore_photo",
    "start",
    "withdraw",
]
