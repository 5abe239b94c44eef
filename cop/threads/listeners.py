"""After a verb in a thread: everybody in it sees what changed."""

from __future__ import annotations

from functools import partial
from typing import Any

from sqlalchemy import Row

from cop import things
from cop.base import live
from cop.base.action import Told, after
from cop.base.db import db
from cop.base.web import render
from cop.threads.models import Post, Thread, post_rows


def show(thread: Thread, verb: str, ids: list[int]) -> None:
    """Sends these posts to everybody in the thread, as the page shows them, in the order of their change."""
    if not live.heard(thread.place):
        return
    rows = sorted(post_rows(ids), key=lambda row: row.changed)
    attached, reacted = things.attachments(ids), things.reactions(ids)

    def shown(row: Row[Any]) -> str:
        return render(
            "threads/_posts.html", posts=[row], attachments=attached, reactions=reacted, thread=thread, answer=None
        )

    for row in rows:
        live.tell(thread.place, row.changed, verb, row.id, partial(shown, row))
    db.session.rollback()


@after("threads.reply")
def replied(told: Told) -> None:
    """A new post."""
    if not told.details.get("again"):
        show(told.thing, told.verb, [told.result.id])


@after("posts.edit", "posts.retract", "posts.restore", "posts.hide", "posts.unhide", "posts.react", "posts.unreact")
def changed(told: Told) -> None:
    """A post that changed."""
    post: Post = told.thing
    thread = db.session.get(Thread, post.parent_id)
    if thread is not None:
        show(thread, told.verb, [post.id])


@after("threads.answer", "threads.unanswer")
def answered(told: Told) -> None:
    """The answer, and the one that was it before."""
    thread: Thread = told.thing
    ids = list(db.session.scalars(things.changed_since(thread.id, thread.last_seq - 2)))
    show(thread, told.verb, ids)


@after(
    "threads.pin",
    "threads.unpin",
    "threads.close",
    "threads.reopen",
    "threads.feature",
    "threads.unfeature",
    "threads.retitle",
    "threads.unhide",
)
def stands(told: Told) -> None:
    """The thread itself changed: its posts stand as they stood."""
    thread: Thread = told.thing
    live.tell(thread.place, thread.last_seq, told.verb, thread.id, lambda: "")


@after("threads.move", "threads.hide", "threads.retract")
def closed(told: Told) -> None:
    """Who may no longer read the thread is taken out of it."""
    stands(told)
    live.recheck_place(told.thing.place)
