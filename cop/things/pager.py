"""Keyset pages of the things in a place: the posts of a thread, the messages of a room."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Generic, Protocol, TypeVar, cast

from sqlalchemy import Integer, Select, bindparam

from cop.base.fast.prepared import PreparedQuery
from cop.base.web import Slice
from cop.things.spine import Thing

THING = Thing.__table__
NEWEST = 2**31 - 1  # greater than every position
Row = TypeVar("Row", bound=tuple[Any, ...])


class PositionedRow(Protocol):
    """A row with its position in its place, and that of its last change."""

    @property
    def seq(self) -> int: ...
    @property
    def changed(self) -> int: ...


class KeysetPager(Generic[Row]):
    """Prepared queries for the things of one kind in a place.

    row: the NamedTuple class of the rows, a `PositionedRow`; select: the query for them without conditions.
    """

    def __init__(self, kind: str, row: type[Row], select: Select[Any]):
        here = select.where(THING.c.parent_id == bindparam("place"), THING.c.kind == kind)
        here = here.limit(bindparam("most", type_=Integer))
        self._after = PreparedQuery(here.where(THING.c.seq > bindparam("seq")).order_by(THING.c.seq), row=row)
        self._before = PreparedQuery(here.where(THING.c.seq < bindparam("seq")).order_by(THING.c.seq.desc()), row=row)
        self._changed = PreparedQuery(here.where(THING.c.changed > bindparam("seq")).order_by(THING.c.changed), row=row)
        with_ids = select.where(THING.c.id.in_(bindparam("ids", expanding=True)))
        self._with_ids = PreparedQuery(with_ids.order_by(THING.c.seq), row=row)

    def with_ids(self, ids: Iterable[int]) -> list[Row]:
        """Return the rows with these ids, by position."""
        return self._with_ids.rows(ids=list(ids))

    def after(self, place: int, seq: int, limit: int) -> Slice[Row]:
        """Return the first rows after position `seq`."""
        rows, more = _fetch(self._after, place, seq, limit)
        return Slice(rows, next=_seq(rows[-1]) if more else None, prev=_seq(rows[0]) if seq and rows else None)

    def before(self, place: int, seq: int, limit: int) -> Slice[Row]:
        """Return the last rows before position `seq`."""
        rows, more = _fetch(self._before, place, seq, limit)
        rows.reverse()
        return Slice(
            rows, next=_seq(rows[-1]) if seq != NEWEST and rows else None, prev=_seq(rows[0]) if more else None
        )

    def changed(self, place: int, seq: int, limit: int) -> Slice[Row]:
        """Return the rows that changed after `seq`, in the order of their change."""
        rows, more = _fetch(self._changed, place, seq, limit)
        return Slice(rows, next=cast(PositionedRow, rows[-1]).changed if more else None)


def _seq(row: Row) -> int:
    return cast(PositionedRow, row).seq


def _fetch(query: PreparedQuery[Row], place: int, seq: int, limit: int) -> tuple[list[Row], bool]:
    """Return at most `limit` rows, and whether there are more."""
    rows = query.rows(place=place, seq=seq, most=limit + 1)
    return rows[:limit], len(rows) > limit
