"""The kinds of things in this feature: threads and posts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from sqlalchemy import func, select

from cop import things
from cop.base.db import db
from cop.base.web import render
from cop.base.words import _
from cop.things import Change, Fragment, Kind, Thing, kinds
from cop.threads.models import BODY, THING, THREAD, Post, Thread, post_rows

_OPENING, _OPENING_BODY = THING.alias("opening"), BODY.alias("opening_body")


def post_fragments(ids: Sequence[int]) -> list[Fragment]:
    """Return posts as everybody in their thread sees them."""
    rows = post_rows(list(ids))
    attached, reacted = things.attachments(ids), things.reactions(ids)
    threads = {row.thread_id: db.session.get_one(Thread, row.thread_id) for row in rows}
    return [
        Fragment(
            row.id,
            row.changed,
            partial(
                render,
                "threads/_posts.html",
                posts=[row],
                attachments=attached,
                reactions=reacted,
                thread=threads[row.thread_id],
                answer=None,
            ),
        )
        for row in rows
    ]


def answers(change: Change) -> Iterable[Thing]:
    """Return the posts that are or were the accepted answer of a thread, since they show it."""
    if isinstance(change.thing, Thread) and "answer_id" in change.names:
        ids = {id for id in (change.former["answer_id"], change.thing.answer_id) if isinstance(id, int)}
        yield from (db.session.get_one(Post, id) for id in sorted(ids))


# A thread is found by its title and its opening, which has no entry of its own.
_THREADS = select(
    THING.c.id.label("thing_id"),
    THREAD.c.thread_kind.label("kind"),
    THING.c.title,
    func.coalesce(_OPENING_BODY.c.plain, "").label("plain"),
).select_from(
    THING.join(THREAD, THREAD.c.id == THING.c.id)
    .outerjoin(
        _OPENING,
        (_OPENING.c.parent_id == THING.c.id)
        & (_OPENING.c.kind == "post")
        & (_OPENING.c.seq == 1)
        & (_OPENING.c.state == "live"),
    )
    .outerjoin(_OPENING_BODY, _OPENING_BODY.c.thing_id == _OPENING.c.id)
)

THREADS = kinds.register(
    Kind(
        Thread,
        path="/threads",
        icon="thread",
        noun=lambda: _("Gesprek"),
        plural=lambda: _("Gesprekken"),
        live=True,
        dependents=answers,
        index=_THREADS,
        typed="gesprek gesprekken thread threads topic",
        subkinds={
            "question": "vraag vragen question questions",
            "experience": "ervaring ervaringen praktijkervaring praktijkervaringen experience experiences",
            "guidance": "handreiking handreikingen guidance",
            "announcement": "aankondiging aankondigingen announcement announcements",
            "minutes": "verslag verslagen minutes",
        },
        recent=True,
    )
)
POSTS = kinds.register(
    Kind(
        Post,
        path="/posts",
        icon="reply",
        noun=lambda: _("Bericht"),
        plural=lambda: _("Berichten"),
        place="thread",
        fragments=post_fragments,
        index=things.text_entries("post").where(THING.c.seq > 1),
        index_names=frozenset({"body", "state"}),
        indexed_as=lambda post: [post.id if post.seq > 1 else post.parent_id or 0],
        typed="reactie reacties bericht berichten antwoord antwoorden reply replies post posts",
        usable=True,
        digest=True,
    )
)
