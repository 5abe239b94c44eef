"""The bell: the number of unread notices in the header of every open page."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import BindParameter, bindparam, func, select

from cop.base import live
from cop.base.action import on_commit
from cop.base.db import db
from cop.base.fast.prepared import PreparedQuery
from cop.notices.models import Notice

_IDS: BindParameter[list[int]] = bindparam("people", expanding=True)
_UNREAD = PreparedQuery(
    select(Notice.person_id, func.count().label("unread"))
    .where(Notice.person_id.in_(_IDS), Notice.read.is_(None))
    .group_by(Notice.person_id)
)


def ring(people: Iterable[int]) -> None:
    """Send each of these people their number of unread notices after the commit."""
    on_commit(_send, *people)


def _send(people: list[int]) -> None:
    """Send the unread count to the open pages of these people."""
    if not people or not live.has_listeners():
        return
    db.session.rollback()
    unread = {row.person_id: row.unread for row in _UNREAD.rows(people=people)}
    for person in people:
        live.signal(person, "notices", {"unread": unread.get(person, 0)})
