"""Listeners of threads to verbs."""

from __future__ import annotations

from cop.base.db import db
from cop.base.events import Event, on
from cop.threads.models import Post, Thread


@on("posts.retract")
def withdraw_answer(event: Event) -> None:
    """Clear the accepted answer of a thread when that post is retracted."""
    post: Post = event.thing
    thread = db.session.get_one(Thread, post.parent_id)
    if post.state == "retracted" and thread.answer_id == post.id:
        thread.answer_id = None
