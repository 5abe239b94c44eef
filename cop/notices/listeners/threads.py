"""Thread events: notify people who are mentioned, whose question is answered, or who follow."""

from __future__ import annotations

from sqlalchemy import select

from cop.access import readers_of
from cop.base import jobs
from cop.base.action import transaction
from cop.base.db import db
from cop.base.events import Event, on
from cop.notices import emails, models, notifying
from cop.notices.listeners.texts import mention, notify_about
from cop.society.people import Person
from cop.things.events import AnswerChanged, ThreadWritten
from cop.threads.models import Post, Thread

FIRST = 10  # followers who get their notice in the transaction of a reply; a job that stands in it notifies the others


@on("threads.start")
def started(event: ThreadWritten) -> None:
    """Make the author follow, notify mentioned people, and everybody of an announcement, guidance or minutes.

    Of any other thread only those are notified who want to hear all of the community.
    """
    if event.again:
        return
    thread: Thread = event.result
    post = event.post
    known = models.levels(thread.id)
    models.follow([thread.author_id], thread.id, known)
    mentioned = mention(event.mentions, thread, post, thread.author_id, known)
    told = known.followers
    if thread.thread_kind in ("announcement", "guidance", "minutes"):
        told = set(db.session.scalars(select(Person.id).where(readers_of(thread.audience_id)))) - known.quiet
    notify_about(told - mentioned - {thread.author_id}, "announcement", thread, post, thread.author_id)


@on("threads.reply")
def replied(event: ThreadWritten) -> None:
    """Notify the asker of an answer, mentioned people, and followers of a reply; each person once."""
    if event.again:
        return
    thread, post = event.thing, event.result
    known = models.levels(thread.id)
    models.follow([post.author_id], thread.id, known)
    silent = known.quiet | {post.author_id}
    mentioned = mention(event.mentions, thread, post.id, post.author_id, known)
    asker = {thread.author_id} - silent - mentioned if thread.thread_kind == "question" else set()
    answered = notify_about(asker, "answer", thread, post.id, post.author_id)
    emails.enqueue("answer", answered, thread, post.id)
    others = sorted(known.followers - silent - mentioned - answered)
    notify_about(others[:FIRST], "reply", thread, post.id, post.author_id)
    if len(others) > FIRST:
        jobs.later("notices.followers", post.id)


@jobs.job("notices.followers")
def notify_followers(post_id: int) -> None:
    """Notify those followers of a reply who have no notice of it yet and have not read it meanwhile."""
    with transaction():
        post = db.session.get_one(Post, post_id)
        thread = db.session.get_one(Thread, post.parent_id)
        if post.state != "live" or thread.state != "live":
            return
        others = models.levels(thread.id).followers - {post.author_id} - models.reached(thread.id, post.id, post.seq)
        notify_about(others, "reply", thread, post.id, post.author_id)


@on("threads.answer")
def answered(event: AnswerChanged) -> None:
    """Notify the author of the accepted answer."""
    post = db.session.get_one(Post, event.post)
    notify_about({post.author_id} - {event.person.id}, "accepted", event.thing, post.id, event.person.id)


@on("threads.hide", "threads.retract")
def thread_removed(event: Event) -> None:
    """Remove notices and unsent mail about a hidden or retracted thread; notify the author when it was hidden."""
    thread: Thread = event.thing
    notifying.remove_for_place(thread, keep=thread.author_id)
    emails.withdraw(place=thread)
    if event.verb == "threads.hide":
        notify_about({thread.author_id} - {event.person.id}, "hidden", thread, thread.id, event.person.id)


@on("threads.move")
def moved(event: Event) -> None:
    """Move notices and follows with the thread; remove those of people who cannot read it there."""
    thread: Thread = event.thing
    for person in notifying.move_to_audience(thread):
        emails.withdraw(person=person, place=thread)
    notify_about({thread.author_id} - {event.person.id}, "moved", thread, thread.id, event.person.id)


@on("threads.mark", "rooms.mark")
def read(event: Event) -> None:
    """Mark notices about a place as read when the person reads the place."""
    notifying.mark_read(event.person.id, place=event.thing.id)


@on("threads.read_all")
def read_all(event: Event) -> None:
    """Mark notices about the threads of a community as read when a person marks those as read."""
    if event.result.number:
        notifying.mark_read(event.person.id, threads_of=event.thing.audience_id, at=event.result.at)


@on("threads.unread_all")
def unread_all(event: Event) -> None:
    """Mark those notices as unread again when the person takes that back."""
    if event.result.number:
        notifying.mark_unread(event.person.id, event.result.at)
