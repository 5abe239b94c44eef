"""Stretches of what stands in a place, by position: the posts of a thread, the messages of a room."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Integer, Select, bindparam

from cop.base.fast.prepared import PreparedQuery
from cop.base.web import Slice
from cop.things.spine import Thing

THING = Thing.__table__
NEWEST = 2**31 - 1  # past every position


class KeysetPager:
    """The four ways to ask for the things of a kind in a place; `rows` selects them, with `seq` and `changed`.

    Made once: building a statement costs more than running it.
    """

    def __init__(self, kind: str, rows: Select[Any]):
        here = rows.where(THING.c.parent_id == bindparam("place"), THING.c.kind == kind)
        here = here.limit(bindparam("most", type_=Integer))
        self._after = PreparedQuery(here.where(THING.c.seq > bindparam("seq")).order_by(THING.c.seq))
        self._before = PreparedQuery(here.where(THING.c.seq < bindparam("seq")).order_by(THING.c.seq.desc()))
        self._changed = PreparedQuery(here.where(THING.c.changed > bindparam("seq")).order_by(THING.c.changed))
        self._these = PreparedQuery(rows.where(THING.c.id.in_(bindparam("ids", expanding=True))).order_by(THING.c.seq))

    def these(self, ids: Iterable[int]) -> list[Any]:
        """The rows with these ids, in the order of their place."""
        return self._these.rows(ids=list(ids))

    def after(self, place: int, seq: int, limit: int) -> Slice:
        """The first behind position `seq`."""
        rows, more = _ask(self._after, place, seq, limit)
        return Slice(rows, next=rows[-1].seq if more else None, prev=rows[0].seq if seq and rows else None)

    def before(self, place: int, seq: int, limit: int) -> Slice:
        """The last before position `seq`."""
        rows, more = _ask(self._before, place, seq, limit)
        rows.reverse()
        return Slice(rows, next=rows[-1].seq if seq != NEWEST and rows else None, prev=rows[0].seq if more else None)

    def changed(self, place: int, seq: int, limit: int) -> Slice:
        """What changed after `seq`, in the order of its change."""
        rows, more = _ask(self._changed, place, seq, limit)
        return Slice(rows, next=rows[-1].changed if more else None)


def _ask(asked: PreparedQuery, place: int, seq: int, limit: int) -> tuple[list[Any], bool]:
    rows = asked.rows(place=place, seq=seq, most=limit + 1)
    return rows[:limit], len(rows) > limit
