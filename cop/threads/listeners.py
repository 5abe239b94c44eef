"""Listeners of threads to verbs."""

from __future__ import annotations

from cop.base.db import db
from cop.base.events import Event, on
from cop.things import Change, on_change
from cop.threads.models import Post, Thread, find_last_post


@on_change
def follow_last_post(found: list[Change]) -> None:
    """Update the last live post of a thread when a post is hidden, retracted or shown again."""
    for id in {change.thing.parent_id for change in found if change.thing.kind == "post" and "state" in change.names}:
        find_last_post(db.session.get_one(Thread, id))


@on("posts.retract")
def withdraw_answer(event: Event) -> None:
    """Clear the accepted answer of a thread when that post is retracted."""
    post: Post = event.thing
    thread = db.session.get_one(Thread, post.parent_id)
    if post.state == "retracted" and thread.answer_id == post.id:
        thread.answer_id = None
