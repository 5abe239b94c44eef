"""The verbs of threads: posting, correcting, curating, reading, importing."""

from cop.threads.actions.asking import drop_form, set_form
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
from cop.threads.actions.importing import (
    begin_import,
    end_import,
    note_file,
    undo_import,
    withdraw_import,
    write_import,
)
from cop.threads.actions.posting import RESTRICTED, reply, start
from cop.threads.actions.reading import mark, read_all, unread_all, unread_from

__all__ = [
    "POSTS",
    "RESTRICTED",
    "answer",
    "begin_import",
    "close",
    "drop_draft",
    "drop_form",
    "end_import",
    "feature",
    "hide_thread",
    "mark",
    "move",
    "note_file",
    "pin",
    "read_all",
    "reopen",
    "reply",
    "restore_draft",
    "retitle",
    "retract_thread",
    "save_draft",
    "set_form",
    "start",
    "unanswer",
    "undo_import",
    "unfeature",
    "unhide_thread",
    "unpin",
    "unread_all",
    "unread_from",
    "withdraw_import",
    "write_import",
]
