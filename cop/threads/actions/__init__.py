"""The verbs of threads: posting, correcting, curating, reading."""

from cop.threads.actions.correcting import POSTS
from cop.threads.actions.curating import (
    answer,
    close,
    feature,
    hide_thread,
    move,
    pin,
    reopen,
    retitle,
    retract_thread,
    unanswer,
    unfeature,
    unhide_thread,
    unpin,
)
from cop.threads.actions.drafting import drop_draft, restore_draft, save_draft
from cop.threads.actions.posting import RESTRICTED, reply, start
from cop.threads.actions.reading import mark, read_all, unread_all, unread_from

__all__ = [
    "POSTS",
    "RESTRICTED",
    "answer",
    "close",
    "drop_draft",
    "feature",
    "hide_thread",
    "mark",
    "move",
    "pin",
    "read_all",
    "reopen",
    "reply",
    "restore_draft",
    "retitle",
    "retract_thread",
    "save_draft",
    "start",
    "unanswer",
    "unfeature",
    "unhide_thread",
    "unpin",
    "unread_all",
    "unread_from",
]
