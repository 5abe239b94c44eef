"""Threads happened: who is mentioned, answered, or follows, is told."""

from __future__ import annotations

from sqlalchemy import select, update

from cop.access import readers_of
from cop.base import clock, live
from cop.base.action import Told, after, on
from cop.base.db import db, upsert
from cop.notices import letters, models
from cop.notices.models import Notice
from cop.people.models import Person
from cop.things import Follow, Thing
from cop.threads.models import Post, Thread


@on("threads.start")
def started(told: Told) -> None:
    """The author follows; the mentioned are told; an announcement or guidance goes to the whole circle."""
    if told.details.get("again"):
        return
    thread: Thread = told.result
    _follow(thread.id, thread.author_id)
    mentioned = _told(told.details.get("mentions", []), thread, told.details["post"], "mention")
    if thread.thread_kind in ("announcement", "guidance"):
        circle = set(db.session.scalars(select(Person.id).where(readers_of(thread.community_id))))
        _tell(circle - mentioned - {thread.author_id}, "announcement", thread, told.details["post"], thread.author_id)
    letters.post("mention", mentioned, thread, told.details["post"])


@on("threads.reply")
def replied(told: Told) -> None:
    """The asker hears of an answer, the mentioned of a mention, the followers of a reply; each of one of these."""
    if told.details.get("again"):
        return
    thread, post = told.thing, told.result
    _follow(thread.id, post.author_id)
    silent = models.muted(thread.id) | {post.author_id}
    mentioned = _told(told.details.get("mentions", []), thread, post.id, "mention", silent, post.author_id)
    asker = {thread.author_id} - silent - mentioned if thread.thread_kind == "question" else set()
    _tell(asker, "answer", thread, post.id, post.author_id)
    _tell(models.followers(thread.id) - silent - mentioned - asker, "reply", thread, post.id, post.author_id)
    letters.post("mention", mentioned, thread, post.id)
    letters.post("answer", asker, thread, post.id)


@on("threads.answer")
def answered(told: Told) -> None:
    """Whose answer was accepted is told."""
    post = db.session.get(Post, told.details["post"])
    if post is not None and post.author_id not in (None, told.person.id):
        _tell({post.author_id}, "accepted", told.thing, post.id, told.person.id)


@on("posts.hide", "threads.hide")
def hidden(told: Told) -> None:
    """Whose text a moderator hid is told, with the reason on the page."""
    thing = told.thing
    thread = thing if isinstance(thing, Thread) else db.session.get(Thread, thing.parent_id)
    if thing.author_id not in (None, told.person.id):
        _tell({thing.author_id}, "hidden", thread, thing.id, told.person.id)


@on("threads.move")
def moved(told: Told) -> None:
    """Notices go with the thread; who may not read there any more loses theirs."""
    thread: Thread = told.thing
    may = select(Person.id).where(readers_of(thread.community_id))
    for table in (Notice, Follow):
        column = Notice.place_id if table is Notice else Follow.thing_id
        db.session.execute(table.__table__.delete().where(column == thread.id, table.person_id.not_in(may)))  # type: ignore[attr-defined]
    db.session.execute(update(Notice).where(Notice.place_id == thread.id).values(community_id=thread.community_id))
    if thread.author_id not in (None, told.person.id):
        _tell({thread.author_id}, "moved", thread, thread.id, told.person.id)


@on("threads.mark", "rooms.mark")
def read(told: Told) -> None:
    """Who reads the place has read what was said of it."""
    db.session.execute(update(Notice).where(
        Notice.person_id == told.person.id, Notice.place_id == told.thing.id, Notice.read.is_(None)).values(read=clock.now()))


@after("threads.start", "threads.reply", "threads.answer", "messages.say")
def nudge(told: Told) -> None:
    """The counter in the header of who was told goes up at once."""
    for person in db.session.scalars(select(Notice.person_id).where(
            Notice.thing_id == told.details.get("post", 0), Notice.read.is_(None))):
        live.nudge(person, "notices", {"more": 1})
    db.session.rollback()


def _follow(thing: int, person: int | None) -> None:
    """Who writes somewhere follows it, unless they said otherwise."""
    if person is not None:
        upsert(Follow, {"person_id": person, "thing_id": thing}, {})


def _told(ids: list[int], thread: Thread, post: int, reason: str, silent: set[int | None] = frozenset(),  # type: ignore[assignment]
          actor: int | None = None) -> set[int]:
    """Tells those of `ids` who may read in the thread's community; gives whom it told."""
    if not ids:
        return set()
    may = set(db.session.scalars(select(Person.id).where(Person.id.in_(ids), readers_of(thread.community_id))))
    chosen = may - set(silent) - {thread.author_id if actor is None else actor}
    _tell(chosen, reason, thread, post, thread.author_id if actor is None else actor)
    for person in chosen:
        _follow(thread.id, person)
    return chosen


def _tell(people: set[int], reason: str, place: Thing, thing: int, actor: int | None) -> None:
    models.tell(people, reason, place=place.id, thing=thing, actor=actor, community=place.community_id)
