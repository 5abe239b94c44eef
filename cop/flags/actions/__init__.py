"""The verbs of flags: flagging, ruling on what was flagged, and appealing against that."""

from cop.flags.actions.appealing import (
    answer,
    appeal,
    decide,
    lapse,
    reconsider,
    tell,
    withdraw_appeal,
    withdraw_ruling,
)
from cop.flags.actions.flagging import MOST, Subject, edit, explain, raise_flag, withdraw
from cop.flags.actions.ruling import Decision, make_ruling, recall, reopen, resolve

__all__ = [
    "MOST",
    "Decision",
    "Subject",
    "answer",
    "appeal",
    "decide",
    "edit",
    "explain",
    "lapse",
    "make_ruling",
    "raise_flag",
    "recall",
    "reconsider",
    "reopen",
    "resolve",
    "tell",
    "withdraw",
    "withdraw_appeal",
    "withdraw_ruling",
]
