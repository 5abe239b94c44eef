"""Moving posts from one thread to another, in statements whose number does not depend on that of the posts.

Everything that names a post stays as it is: its address, its reactions and files, quotes of it and flags on it. What names
the thread goes along here or, in other features, after the event `PostsMoved`.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, literal, select, true, update

from cop.base.db import db, insert_of
from cop.base.errors import Conflict, Invalid
from cop.base.words import _
from cop.things import Mark, Thing
from cop.threads.models import THING, Post, Thread, find_last_post

MOST = 5_000  # posts that are moved at once: so many ids fit in a statement on both databases
_STILL = {"synchronize_session": False}


def lock(*threads: Thread) -> None:
    """Lock threads in one order and read them again, so that of two people who act at once the second sees what the first did."""
    db.session.flush()
    ids = sorted(thread.id for thread in threads)
    for id in ids:
        db.session.execute(select(THING.c.id).where(THING.c.id == id).with_for_update())
    for thread in threads:
        db.session.refresh(thread)
        if thread.state != "live":
            raise Conflict(
                _("Dit gesprek is net verborgen, ingetrokken of samengevoegd. Kijk eerst hoe het er nu staat.")
            )


def require_pair(thread: Thread, other: Thread) -> None:
    """Raise Invalid unless these are two threads of one audience."""
    if thread.id == other.id:
        raise Invalid(errors={"into": _("Dit is hetzelfde gesprek. Kies een ander.")})
    if thread.audience_id != other.audience_id:
        words = _("Dit gesprek staat in een andere praktijkgemeenschap. Verplaats een van de twee eerst.")
        raise Invalid(errors={"into": words})


def shift(source: Thread, target: Thread, by: int, where: ColumnElement[bool] = true()) -> None:
    """Give the posts of a thread to another, all with the same number added to their positions."""
    moved = update(Thing).where(Thing.parent_id == source.id, Thing.kind == "post", where)
    db.session.execute(
        moved.values(parent_id=target.id, seq=Thing.seq + by, changed=Thing.changed + by),
        execution_options={**_STILL, "changes": [source.id, target.id]},
    )
    db.session.expire_all()  # what the session knows of the posts is not true any more


def append(source: Thread, target: Thread, ids: Sequence[int]) -> None:
    """Give these posts of a thread to another, at its end and in their order."""
    base = target.last_seq
    order = func.row_number().over(order_by=THING.c.seq)
    moved = select(THING.c.id, (order + literal(base)).label("seq")).where(THING.c.id.in_(ids)).subquery("moved")
    db.session.execute(
        update(Thing).where(Thing.id == moved.c.id).values(parent_id=target.id, seq=moved.c.seq, changed=moved.c.seq),
        execution_options={**_STILL, "changes": [source.id, target.id]},
    )
    target.last_seq = base + len(ids)
    db.session.flush()
    db.session.expire_all()  # what the session knows of the posts is not true any more


def recount(thread: Thread, replies: int) -> None:
    """Set the number of replies of a thread, and its last activity and last post from the posts that it has now."""
    thread.replies = max(replies, 0)
    newest = db.session.execute(
        select(THING.c.made, THING.c.author_id)
        .where(THING.c.parent_id == thread.id, THING.c.kind == "post", THING.c.state == "live")
        .order_by(THING.c.made.desc(), THING.c.seq.desc())
        .limit(1)
    ).first()
    if newest:
        thread.last_at, thread.last_author_id = newest
    db.session.flush()
    find_last_post(thread)


# Reading marks: a mark is one position, up to which somebody has read


def carry_marks(source: Thread, target: Thread, *, end: int, since: int, by: int | None = None) -> None:
    """Let those who had read the target to its end go on where they had read the source, from position `since`.

    end: the last post of the target before posts were added. by: what was added to their positions; None where they were
    put one after another, which counts as read to the new end.
    """
    read = Mark.__table__.alias("read")
    db.session.execute(
        update(Mark)
        .where(
            Mark.thing_id == target.id,
            Mark.seq >= end,
            read.c.thing_id == source.id,
            read.c.person_id == Mark.person_id,
            read.c.seq >= since,
        )
        .values(seq=target.last_seq if by is None else read.c.seq + by),
        execution_options=_STILL,
    )


def begin_marks(source: Thread, target: Thread, ids: Sequence[int]) -> None:
    """Mark the posts that will begin a thread as read by those who had read them; call it before they move."""
    read = (
        select(Mark.person_id, literal(target.id), func.count())
        .join(Post, (Post.parent_id == Mark.thing_id) & (Post.seq <= Mark.seq))
        .where(Mark.thing_id == source.id, Post.id.in_(ids))
        .group_by(Mark.person_id)
    )
    insert = insert_of(Mark).from_select(("person_id", "thing_id", "seq"), read)
    db.session.execute(insert.on_conflict_do_nothing())
