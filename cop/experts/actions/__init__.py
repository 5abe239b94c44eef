"""Verbs of requests to experts, and of guests of a single thread."""

from cop.experts.actions.assigning import (
    assign,
    drop,
    escalate,
    give_up,
    pass_on,
    put,
    recheck,
    reconcile,
    remind,
    settle,
)
from cop.experts.actions.guests import end_guest, extend_guest, invite_guest
from cop.experts.actions.requests import accept, ask, colleagues, decline, hand_on, withdraw

__all__ = [
    "accept",
    "ask",
    "assign",
    "colleagues",
    "decline",
    "drop",
    "end_guest",
    "escalate",
    "extend_guest",
    "give_up",
    "hand_on",
    "invite_guest",
    "pass_on",
    "put",
    "recheck",
    "reconcile",
    "remind",
    "settle",
    "withdraw",
]
