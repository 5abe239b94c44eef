"""Verbs of guidance."""

from cop.guidance.actions.drafting import Written, draft, edit, remove, restore
from cop.guidance.actions.keeping import (
    adopt,
    assign,
    confirm,
    expire,
    hand_over,
    reinstate,
    revise,
    unrevise,
)
from cop.guidance.actions.reviewing import advise, comment, reopen, review, settle, uncomment, withdraw
from cop.guidance.actions.sourcing import affirm, leave_out, mark_source, restore_name, take, withdraw_name

__all__ = [
    "Written",
    "adopt",
    "advise",
    "affirm",
    "assign",
    "comment",
    "confirm",
    "draft",
    "edit",
    "expire",
    "hand_over",
    "leave_out",
    "mark_source",
    "reinstate",
    "remove",
    "reopen",
    "restore",
    "restore_name",
    "review",
    "revise",
    "settle",
    "take",
    "uncomment",
    "unrevise",
    "withdraw",
    "withdraw_name",
]
