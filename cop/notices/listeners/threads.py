"""Threads happened: who is mentioned, answered, or follows, is told."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import delete, select, update

from cop.access import readers_of
from cop.base import clock
from cop.base.action import Told, on
from cop.base.db import db
from cop.notices import letters, models
from cop.notices.models import Notice, Reason
from cop.people.models import Person
from cop.things import Follow
from cop.threads.models import Post, Thread


@on("threads.start")
def started(told: Told) -> None:
    """The author follows; the mentioned are told; an announcement or guidance goes to the whole circle."""
    if told.details.get("again"):
        return
    thread: Thread = told.result
    post = told.details["post"]
    models.follow([thread.author_id], thread.id)
    mentioned = _mention(told.details["mentions"], thread, post, thread.author_id, {thread.author_id})
    if thread.thread_kind in ("announcement", "guidance"):
        circle = set(db.session.scalars(select(Person.id).where(readers_of(thread.community_id))))
        _tell(circle - mentioned - {thread.author_id}, "announcement", thread, post, thread.author_id)


@on("threads.reply")
def replied(told: Told) -> None:
    """The asker hears of an answer, the mentioned of a mention, the followers of a reply; each of one of these."""
    if told.details.get("again"):
        return
    thread, post = told.thing, told.result
    models.follow([post.author_id], thread.id)
    following, muted = models.follows(thread.id)
    silent = muted | {post.author_id}
    mentioned = _mention(told.details["mentions"], thread, post.id, post.author_id, silent)
    asker = {thread.author_id} - silent - mentioned if thread.thread_kind == "question" else set()
    answered = _tell(asker, "answer", thread, post.id, post.author_id)
    letters.post("answer", answered, thread, post.id)
    _tell(following - silent - mentioned - answered, "reply", thread, post.id, post.author_id)


@on("posts.edit")
def edited(told: Told) -> None:
    """Who is mentioned now and was not before is told; of a hidden thread nobody is."""
    if not told.details["mentions"]:
        return
    post: Post = told.thing
    thread = db.session.get_one(Thread, post.parent_id)
    if thread.state == "live":
        silent = models.follows(thread.id)[1] | {post.author_id}
        _mention(told.details["mentions"], thread, post.id, post.author_id, silent)


@on("threads.answer")
def answered(told: Told) -> None:
    """Whose answer was accepted is told."""
    post = db.session.get_one(Post, told.details["post"])
    _tell({post.author_id} - {told.person.id}, "accepted", told.thing, post.id, told.person.id)


@on("posts.hide")
def post_hidden(told: Told) -> None:
    """Whose text a moderator hid is told; nobody is mailed of it any more."""
    post: Post = told.thing
    letters.withdraw(thing=post)
    thread = db.session.get_one(Thread, post.parent_id)
    _tell({post.author_id} - {told.person.id}, "hidden", thread, post.id, told.person.id)


@on("posts.retract")
def post_retracted(told: Told) -> None:
    """What was taken back is not mailed any more."""
    letters.withdraw(thing=told.thing)


@on("threads.hide", "threads.retract")
def thread_closed(told: Told) -> None:
    """Of a thread that was taken away only its author still hears, when it was not by their own hand."""
    thread: Thread = told.thing
    models.forget_place(thread, keep=thread.author_id)
    letters.withdraw(place=thread)
    if told.verb == "threads.hide":
        _tell({thread.author_id} - {told.person.id}, "hidden", thread, thread.id, told.person.id)


@on("threads.move")
def moved(told: Told) -> None:
    """Notices and follows go with the thread; who may not read there loses theirs, and is not mailed any more."""
    thread: Thread = told.thing
    may = select(Person.id).where(readers_of(thread.community_id))
    lost = set(
        db.session.scalars(
            delete(Notice)
            .where(Notice.place_id == thread.id, Notice.person_id.not_in(may))
            .returning(Notice.person_id)
            .execution_options(synchronize_session=False)
        )
    )
    for person in lost:
        letters.withdraw(person=person, place=thread)
    db.session.execute(delete(Follow).where(Follow.thing_id == thread.id, Follow.person_id.not_in(may)))
    db.session.execute(update(Notice).where(Notice.place_id == thread.id).values(community_id=thread.community_id))
    _tell({thread.author_id} - {told.person.id}, "moved", thread, thread.id, told.person.id)


@on("threads.mark", "rooms.mark")
def read(told: Told) -> None:
    """Who reads the place has read what was said of it."""
    noticed = db.session.execute(
        update(Notice)
        .where(Notice.person_id == told.person.id, Notice.place_id == told.thing.id, Notice.read.is_(None))
        .values(read=clock.now())
        .execution_options(synchronize_session=False)
    )
    told.details["noticed"] = noticed.rowcount  # type: ignore[attr-defined]


def _mention(people: Iterable[int], thread: Thread, post: int, actor: int | None, silent: set[int | None]) -> set[int]:
    """Tells and mails the mentioned, who follow the thread from now on."""
    mentioned = _tell(set(people) - silent, "mention", thread, post, actor)
    models.follow(mentioned, thread.id)
    letters.post("mention", mentioned, thread, post)
    return mentioned


def _tell(people: Iterable[int | None], reason: Reason, place: Thread, thing: int, actor: int | None) -> set[int]:
    return models.tell(people, reason, place=place.id, thing=thing, actor=actor, community=place.community_id)
