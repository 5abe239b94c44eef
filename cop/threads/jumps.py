"""Where a reader can jump to in a long thread: posts at about equal distances, each of another day."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Integer, bindparam, select, union_all

from cop.base import clock
from cop.base.fast.prepared import PreparedQuery
from cop.threads.models import THING

MOST = 8


class Jump(NamedTuple):
    """A post to jump to."""

    id: int
    seq: int
    made: datetime


def _query() -> PreparedQuery[Jump]:
    """Return the query for the first live post of `:thread` from each of the positions `:at_0` and so on."""
    found = []
    for number in range(MOST):
        here = THING.alias(f"post_{number}")
        first = (
            select(here.c.id, here.c.seq, here.c.made)
            .where(
                here.c.parent_id == bindparam("thread", type_=Integer),
                here.c.kind == "post",
                here.c.state == "live",
                here.c.seq >= bindparam(f"at_{number}", type_=Integer),
            )
            .order_by(here.c.seq)
            .limit(1)
            .subquery(f"first_{number}")
        )
        found.append(select(first))
    return PreparedQuery(union_all(*found), row=Jump)


_JUMPS = _query()


def jumps(thread_id: int, last_post: int) -> list[Jump]:
    """Return posts of a thread at about equal distances up to its last, the first of each day among them, in order."""
    at = {f"at_{number}": 1 + number * last_post // MOST for number in range(MOST)}
    by_day: dict[object, Jump] = {}
    for one in sorted(_JUMPS.rows(thread=thread_id, **at), key=lambda jump: jump.seq):
        by_day.setdefault(clock.local(one.made).date(), one)
    return list(by_day.values())
