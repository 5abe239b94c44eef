"""Splitting a thread, and moving posts to another thread."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from sqlalchemy import select

from cop import access
from cop.base.action import action, detail
from cop.base.db import db
from cop.base.errors import Invalid
from cop.base.words import _
from cop.curation import moving
from cop.curation.models import ThreadRelation
from cop.society.people import Person
from cop.things import Follow
from cop.things.events import PostsMoved
from cop.threads.actions import RESTRICTED
from cop.threads.models import THING, Post, Thread

SplitKind = Literal["question", "experience", "guidance", "announcement"]


@action("threads.split", event=PostsMoved)
def split(
    person: Person,
    thread: Thread,
    *,
    title: str,
    kind: SplitKind = "question",
    posts: Sequence[int] = (),
    since: int | None = None,
) -> Thread:
    """Begin a new thread with posts of this one: those chosen, and all from the post `since`.

    The author of its first post is that of the thread. Raise Invalid for a choice that makes no thread.
    """
    if kind in RESTRICTED:
        access.judge(person, f"threads.start_{kind}", thread)
    moving.lock(thread)
    chosen = _chosen(thread, posts, since)
    first = db.session.get_one(Post, chosen[0].id)
    if first.state != "live":
        raise Invalid(
            errors={"posts": _("Het eerste bericht is verborgen of ingetrokken. Begin met een ander bericht.")}
        )
    new = Thread(
        audience_id=thread.audience_id,
        thread_kind=kind,
        title=title,
        author_id=first.author_id,
        author_role=first.author_role,
        organisation_id=first.organisation_id,
        made=first.made,
    )
    db.session.add(new)
    db.session.flush()
    ids = [post.id for post in chosen]
    moving.begin_marks(thread, new, ids)
    _leave(thread, ids)
    moving.append(thread, new, ids)
    moving.recount(new, len(ids) - 1)
    moving.recount(thread, thread.replies - len(ids))
    if first.author_id is not None:
        db.session.merge(Follow(person_id=first.author_id, thing_id=new.id))
    _relate("split", thread, new, chosen)
    return new


@action("threads.move_posts", event=PostsMoved)
def move_posts(
    person: Person, thread: Thread, *, into: Thread, posts: Sequence[int] = (), since: int | None = None
) -> Thread:
    """Put posts of a thread at the end of another of the same audience: those chosen, and all from the post `since`."""
    moving.require_pair(thread, into)
    moving.lock(thread, into)
    chosen = _chosen(thread, posts, since)
    ids, end = [post.id for post in chosen], into.last_post
    _leave(thread, ids)
    moving.append(thread, into, ids)
    moving.carry_marks(thread, into, end=end, since=chosen[-1].seq)
    moving.recount(into, into.replies + len(ids))
    moving.recount(thread, thread.replies - len(ids))
    _relate("move", thread, into, chosen)
    return into


class _Chosen:
    """A post that is moved, with its position before that."""

    def __init__(self, id: int, seq: int):
        self.id, self.seq = id, seq


def _chosen(thread: Thread, posts: Sequence[int], since: int | None) -> list[_Chosen]:
    """Return the chosen posts of a thread by position; raise Invalid where that is none, or the opening."""
    here = select(THING.c.id, THING.c.seq).where(THING.c.parent_id == thread.id, THING.c.kind == "post")
    wanted = THING.c.id.in_(posts)
    if since is not None:
        first = db.session.scalar(select(THING.c.seq).where(THING.c.id == since, THING.c.parent_id == thread.id))
        if first is None:
            raise Invalid(errors={"since": _("Kies een bericht uit dit gesprek.")})
        wanted = wanted | (THING.c.seq >= first)
    found = [_Chosen(*row) for row in db.session.execute(here.where(wanted).order_by(THING.c.seq)).all()]
    if not found or not set(posts) <= {post.id for post in found}:
        raise Invalid(errors={"posts": _("Kies een of meer berichten uit dit gesprek.")})
    if found[0].seq == 1:
        raise Invalid(
            errors={"posts": _("Het eerste bericht blijft. Wilt u alles verplaatsen, voeg de gesprekken dan samen.")}
        )
    if len(found) > moving.MOST:
        raise Invalid(errors={"posts": _("U kunt hoogstens %(n)s berichten tegelijk verplaatsen.", n=moving.MOST)})
    return found


def _leave(thread: Thread, ids: Sequence[int]) -> None:
    """Clear the accepted answer of a thread when that post goes."""
    if thread.answer_id in ids:
        thread.answer_id = None
        db.session.flush()


def _relate(kind: str, thread: Thread, target: Thread, chosen: Sequence[_Chosen]) -> None:
    before = (
        select(THING.c.id)
        .where(THING.c.parent_id == thread.id, THING.c.kind == "post", THING.c.seq < chosen[0].seq)
        .order_by(THING.c.seq.desc())
        .limit(1)
    )
    db.session.add(
        ThreadRelation(
            kind=kind,
            source_id=thread.id,
            target_id=target.id,
            post_id=chosen[0].id,
            after_id=db.session.scalar(before),
            posts=len(chosen),
        )
    )
    detail(source=thread.id, target=target.id, posts=len(chosen), whole=0)
