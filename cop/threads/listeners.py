"""After a verb in a thread: everybody in it sees what changed."""

from __future__ import annotations

from functools import partial
from typing import Any

from sqlalchemy import Row

from cop import things
from cop.base import live
from cop.base.db import db
from cop.base.events import Event, after
from cop.base.web import render
from cop.things.events import TextWritten
from cop.threads.models import Post, Thread, post_rows


def show(thread: Thread, verb: str, ids: list[int]) -> None:
    """Sends these posts to everybody in the thread, as the page shows them, in the order of their change."""
    if not live.has_listeners(thread.place):
        return
    rows = sorted(post_rows(ids), key=lambda row: row.changed)
    attached, reacted = things.attachments(ids), things.reactions(ids)

    def shown(row: Row[Any]) -> str:
        return render(
            "threads/_posts.html", posts=[row], attachments=attached, reactions=reacted, thread=thread, answer=None
        )

    for row in rows:
        live.publish(thread.place, row.changed, verb, row.id, partial(shown, row))
    db.session.rollback()


@after("threads.reply")
def replied(event: TextWritten) -> None:
    """A new post."""
    if not event.again:
        show(event.thing, event.verb, [event.result.id])


@after("posts.edit", "posts.retract", "posts.restore", "posts.hide", "posts.unhide", "posts.react", "posts.unreact")
def changed(event: Event) -> None:
    """A post that changed."""
    post: Post = event.thing
    thread = db.session.get(Thread, post.parent_id)
    if thread is not None:
        show(thread, event.verb, [post.id])


@after("threads.answer", "threads.unanswer")
def answered(event: Event) -> None:
    """The answer, and the one that was it before."""
    thread: Thread = event.thing
    ids = list(db.session.scalars(things.changed_since(thread.id, thread.last_seq - 2)))
    show(thread, event.verb, ids)


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
def stands(event: Event) -> None:
    """The thread itself changed: its posts stand as they stood."""
    thread: Thread = event.thing
    live.publish(thread.place, thread.last_seq, event.verb, thread.id, lambda: "")


@after("threads.move", "threads.hide", "threads.retract")
def closed(event: Event) -> None:
    """Who may no longer read the thread is taken out of it."""
    stands(event)
    live.recheck_place(event.thing.place)
