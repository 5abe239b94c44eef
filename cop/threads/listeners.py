"""Listeners of threads to verbs, and how other features start a question."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete

from cop import things
from cop.base.db import db
from cop.base.events import Event, on
from cop.society.people import Person
from cop.society.programmes import Community
from cop.things import Change, on_change
from cop.things.removal import before_removal
from cop.threads import actions, waiting
from cop.threads.marks import CatchUp
from cop.threads.models import Post, Thread, find_last_post

assert waiting  # imported to register its queue of the desk


@on_change
def follow_last_post(found: list[Change]) -> None:
    """Update the last live post of a thread when a post is hidden, retracted or shown again."""
    for id in {change.thing.parent_id for change in found if change.thing.kind == "post" and "state" in change.names}:
        find_last_post(db.session.get_one(Thread, id))


@things.starts_questions
def start_question(person: Person, community: Community, /, **given: Any) -> Thread:
    """Start a question from another feature."""
    return actions.start(person, community, kind="question", **given)


@on("posts.retract")
def withdraw_answer(event: Event) -> None:
    """Clear the accepted answer of a thread when that post is retracted."""
    post: Post = event.thing
    thread = db.session.get_one(Thread, post.parent_id)
    if post.state == "retracted" and thread.answer_id == post.id:
        thread.answer_id = None


@before_removal
def remove_catch_ups(audience_id: int) -> None:
    """Delete what would take back that everything was read in an audience that is removed."""
    db.session.execute(delete(CatchUp).where(CatchUp.audience_id == audience_id))
