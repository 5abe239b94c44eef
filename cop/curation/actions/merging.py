"""Merging two threads, and undoing that: docs/decisions/0032-merging-threads.md."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, exists, literal, or_, select, update

from cop.base import clock
from cop.base.action import action, detail
from cop.base.db import db, insert_of
from cop.base.errors import Conflict, Invalid
from cop.base.words import _
from cop.curation import moving
from cop.curation.models import NOTE, StaffNote, ThreadRelation, merges_into, relation
from cop.partnerships.models import HelpQuestion
from cop.society.audience import Guest, current_guest
from cop.society.people import Person
from cop.things import Draft, Follow, Thing, ThingLink
from cop.things.events import PostsMoved
from cop.threads.models import Thread, count_posts, opening_post
from cop.threads.redirects import MERGED, ThreadRedirect

_STILL = {"synchronize_session": False}


@action("threads.merge", event=PostsMoved)
def merge(person: Person, into: Thread, *, thread: Thread) -> Thread:
    """Put the posts of a thread at the end of another of the same audience; the address of the first leads there for good.

    Raise Invalid for a thread of another audience and for minutes, Conflict where one of the two is not shown any more.
    """
    moving.require_pair(thread, into)
    if thread.thread_kind == "minutes":
        raise Invalid(errors={"into": _("Een verslag blijft een eigen gesprek. Neem het andere gesprek erin op.")})
    moving.lock(thread, into)
    opening, number, base, end = opening_post(thread), count_posts(thread.id), into.last_seq, into.last_post
    moving.shift(thread, into, base)
    into.last_seq = base + thread.last_seq
    db.session.flush()
    db.session.execute(
        update(Thing).where(Thing.id == opening.id).values(title=thread.title),
        execution_options={**_STILL, "changes": []},  # the thread that shows it is changed already
    )
    moving.carry_marks(thread, into, end=end, since=1, by=base)
    moving.recount(into, into.replies + number)
    if into.thread_kind == "question" and into.answer_id is None:
        into.answer_id = thread.answer_id
    made = clock.now()
    kept = _bring_along(thread, into, made)
    thread.state, thread.closes = MERGED, None
    db.session.add(ThreadRedirect(thread_id=thread.id, post_id=opening.id))
    db.session.add(
        ThreadRelation(
            kind="merge",
            source_id=thread.id,
            target_id=into.id,
            post_id=opening.id,
            posts=number,
            base=base,
            upto=thread.last_seq,
            kept=kept,
            made=made,
        )
    )
    detail(source=thread.id, target=into.id, posts=number, whole=1)
    return into


def _bring_along(thread: Thread, into: Thread, made: Any) -> dict[str, Any]:
    """Let what names a thread name another too: follows, drafts, guests, notes and links; return what undoes that."""
    wanted = select(Follow.person_id, literal(into.id), Follow.level, Follow.until, Follow.afterwards).where(
        Follow.thing_id == thread.id, Follow.level != "silent"
    )
    follow = insert_of(Follow).from_select(("person_id", "thing_id", "level", "until", "afterwards"), wanted)
    db.session.execute(follow.on_conflict_do_nothing())
    db.session.execute(
        update(Draft).where(Draft.place == thread.place).values(place=into.place), execution_options=_STILL
    )
    db.session.execute(
        update(StaffNote).where(NOTE.c.thing_id == thread.id).values(thing_id=into.id), execution_options=_STILL
    )
    _invite_guests(thread, into, made)
    kept: dict[str, Any] = {"links": _copy_links(thread, into)}
    asked = select(HelpQuestion.id).where(HelpQuestion.thread_id == into.id)
    question = db.session.scalar(select(HelpQuestion).where(HelpQuestion.thread_id == thread.id))
    if question is not None and db.session.scalar(asked) is None:
        question.thread_id = into.id
        kept["asked"] = question.id
    return kept


def _invite_guests(thread: Thread, into: Thread, made: Any) -> None:
    """Invite the guests of a thread to another; `made` tells these from its own."""
    own = set(db.session.scalars(select(Guest.person_id).where(Guest.thing_id == into.id, Guest.ended.is_(None))))
    for guest in db.session.scalars(select(Guest).where(Guest.thing_id == thread.id, current_guest())).all():
        if guest.person_id not in own:
            db.session.add(
                Guest(
                    person_id=guest.person_id,
                    thing_id=into.id,
                    role=guest.role,
                    until=guest.until,
                    invited_by_id=guest.invited_by_id,
                    made=made,
                )
            )


def _copy_links(thread: Thread, into: Thread) -> list[int]:
    """Link what is linked with a thread with another too, such as a meeting; return the ids of the new links."""
    links = db.session.scalars(
        select(ThingLink).where(or_(ThingLink.from_id == thread.id, ThingLink.to_id == thread.id))
    ).all()
    known = {
        (link.from_id, link.to_id, link.kind)
        for link in db.session.scalars(
            select(ThingLink).where(or_(ThingLink.from_id == into.id, ThingLink.to_id == into.id))
        )
    }
    new = []
    for link in links:
        ends = [into.id if end == thread.id else end for end in (link.from_id, link.to_id)]
        if ends[0] != ends[1] and (*ends, link.kind) not in known:
            new.append(ThingLink(from_id=ends[0], to_id=ends[1], kind=link.kind))
    db.session.add_all(new)
    db.session.flush()
    return [link.id for link in new]


@action("threads.unmerge", event=PostsMoved)
def unmerge(person: Person, thread: Thread, *, merged: int) -> Thread:
    """Give a thread that was merged into this one its posts back; what was posted since stays here.

    Raise Conflict where posts of it went elsewhere meanwhile: then splitting is the way.
    """
    moving.lock(thread)
    found = relation("merge", source=merged, target=thread.id)
    source = db.session.get(Thread, merged)
    if found is None or source is None or merged not in {one.id for one in merges_into(thread.id)}:
        raise Conflict(_("Dit kan niet meer in één keer. Splits de berichten af naar een nieuw gesprek."))
    within = Thing.seq.between(found.base + 1, found.base + found.upto)
    if thread.answer_id is not None and _holds(thread.id, thread.answer_id, found):
        thread.answer_id = None
    moving.shift(thread, source, -found.base, within)
    db.session.execute(
        update(Thing).where(Thing.id == found.post_id).values(title=""),
        execution_options={**_STILL, "changes": []},
    )
    source.state, source.audience_id = "live", thread.audience_id
    source.last_seq = thread.last_seq - found.base  # changes since the merge may have taken positions up to here
    db.session.flush()
    moving.recount(thread, thread.replies - found.posts)
    moving.recount(source, found.posts - 1)
    _take_back(source, thread, found)
    db.session.delete(db.session.get_one(ThreadRedirect, source.id))
    db.session.delete(found)
    detail(source=thread.id, target=source.id, posts=found.posts, whole=0)
    return source


def _holds(thread_id: int, post_id: int, found: ThreadRelation) -> bool:
    post = db.session.get_one(Thing, post_id)
    return post.parent_id == thread_id and found.base < post.seq <= found.base + found.upto


def _take_back(source: Thread, thread: Thread, found: ThreadRelation) -> None:
    """Undo what `_bring_along` added; follows, drafts and notes stay with the other thread."""
    own = Guest.__table__.alias("own")
    invited = exists().where(own.c.thing_id == source.id, own.c.person_id == Guest.person_id)
    db.session.execute(
        update(Guest)
        .where(Guest.thing_id == thread.id, Guest.made == found.made, Guest.ended.is_(None), invited)
        .values(ended=clock.now()),
        execution_options=_STILL,
    )
    db.session.execute(
        delete(ThingLink).where(ThingLink.id.in_(found.kept.get("links", []))),
        execution_options={**_STILL, "changes": [source.id, thread.id]},
    )
    question = db.session.get(HelpQuestion, found.kept["asked"]) if "asked" in found.kept else None
    if question is not None and question.thread_id == thread.id:
        question.thread_id = source.id
