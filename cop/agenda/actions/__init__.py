"""Verbs of the agenda of a meeting."""

from cop.agenda.actions.asking import ask, edit_question, hide, restore_question, withdraw
from cop.agenda.actions.choosing import place, set_votes, unplace, unvote, vote
from cop.agenda.actions.ordering import add, edit, fill, move, remove, restore
from cop.agenda.actions.preparing import tick, untick

__all__ = [
    "add",
    "ask",
    "edit",
    "edit_question",
    "fill",
    "hide",
    "move",
    "place",
    "remove",
    "restore",
    "restore_question",
    "set_votes",
    "tick",
    "unplace",
    "untick",
    "unvote",
    "vote",
    "withdraw",
]
