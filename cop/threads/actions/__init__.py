"""The verbs of threads: posting, correcting, curating, reading."""

from cop.threads.actions.correcting import edit, react, restore, retract, unreact
from cop.threads.actions.curating import (
    answer,
    close,
    feature,
    hide_post,
    hide_thread,
    move,
    pin,
    reopen,
    retitle,
    retract_thread,
    unanswer,
    unfeature,
    unhide_post,
    unhide_thread,
    unpin,
)
from cop.threads.actions.posting import STARTERS, reply, start
from cop.threads.actions.reading import drop_draft, mark, save_draft

__all__ = [
    "STARTERS",
    "answer",
    "close",
    "drop_draft",
    "edit",
    "feature",
    "hide_post",
    "hide_thread",
    "mark",
    "move",
    "pin",
    "react",
    "reopen",
    "reply",
    "restore",
    "retitle",
    "retract",
    "retract_thread",
    "save_draft",
    "start",
    "unanswer",
    "unfeature",
    "unhide_post",
    "unhide_thread",
    "unpin",
    "unreact",
]
