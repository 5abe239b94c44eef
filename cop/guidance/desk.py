"""What waits for moderators on their desk: guidance to review, guidance past its date, and sources that changed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Date, Integer, Select, bindparam, func, literal_column, select

from cop.access.desk import DeskItem, DeskQueue, desk_queue
from cop.base import clock
from cop.base.db import UtcDateTime
from cop.base.fast.prepared import PreparedQuery
from cop.base.words import _, n_
from cop.guidance.models import CARD, SOURCE, THING
from cop.society.people import Person

HERE = THING.c.audience_id.in_(bindparam("audiences", expanding=True)) & (THING.c.state == "live")


class Waiting(NamedTuple):
    """Guidance that waits, since a moment; `number` is that of its sources."""

    id: int
    audience_id: int
    title: str
    since: datetime
    number: int


def _cards(since: Any) -> Select[Any]:
    return select(
        THING.c.id,
        THING.c.audience_id,
        THING.c.title,
        since.label("since"),
        literal_column("1", Integer).label("number"),
    ).select_from(CARD.join(THING, THING.c.id == CARD.c.id))


_REVIEW = PreparedQuery(
    _cards(CARD.c.review_asked)
    .where(
        HERE,
        CARD.c.status == "review",
        CARD.c.approved.is_(None),
        CARD.c.reviewer_id.is_(None),
        func.coalesce(CARD.c.owner_id, 0) != bindparam("person", type_=Integer),
    )
    .order_by(CARD.c.review_asked, THING.c.id)
    .limit(bindparam("most", type_=Integer)),
    row=Waiting,
)
_OVERDUE = PreparedQuery(
    _cards(CARD.c.adopted)
    .where(HERE, CARD.c.status == "adopted", CARD.c.review_by < bindparam("today", type_=Date))
    .order_by(CARD.c.review_by, THING.c.id)
    .limit(bindparam("most", type_=Integer)),
    row=Waiting,
)
_CHANGED = PreparedQuery(
    select(
        THING.c.id,
        THING.c.audience_id,
        THING.c.title,
        func.min(SOURCE.c.marked, type_=UtcDateTime).label("since"),
        func.count(SOURCE.c.id).label("number"),
    )
    .select_from(SOURCE.join(CARD, CARD.c.id == SOURCE.c.card_id).join(THING, THING.c.id == CARD.c.id))
    .where(HERE, SOURCE.c.mark != "", SOURCE.c.left.is_(None), CARD.c.status != "expired")
    .group_by(THING.c.id, THING.c.audience_id, THING.c.title)
    .order_by(func.min(SOURCE.c.marked), THING.c.id)
    .limit(bindparam("most", type_=Integer)),
    row=Waiting,
)


def to_review(person: Person, audiences: Collection[int], most: int) -> list[DeskItem]:
    """Return the guidance that any moderator can review, except that of the person."""
    rows = _REVIEW.rows(audiences=list(audiences), person=person.id, most=most)
    return [_item(row, _("Wacht op een beoordeling door een moderator.")) for row in rows]


def overdue(person: Person, audiences: Collection[int], most: int) -> list[DeskItem]:
    """Return the adopted guidance whose date to look at it has passed."""
    rows = _OVERDUE.rows(audiences=list(audiences), today=clock.today(), most=most)
    return [_item(row, _("De datum om te kijken of dit nog klopt, is voorbij.")) for row in rows]


def changed(person: Person, audiences: Collection[int], most: int) -> list[DeskItem]:
    """Return the guidance with sources of which something changed."""
    rows = _CHANGED.rows(audiences=list(audiences), most=most)
    return [
        _item(
            row, n_("%(n)s bron is gewijzigd of verdwenen.", "%(n)s bronnen zijn gewijzigd of verdwenen.", row.number)
        )
        for row in rows
    ]


def _item(row: Waiting, text: str) -> DeskItem:
    return DeskItem(row.audience_id, f"/guidance/{row.id}", row.title, text, row.since)


for queue in (
    DeskQueue("guidance_review", 30, lambda: _("Handreikingen om te beoordelen"), to_review),
    DeskQueue("guidance_overdue", 31, lambda: _("Handreikingen om na te kijken"), overdue),
    DeskQueue("guidance_sources", 32, lambda: _("Handreikingen met gewijzigde bronnen"), changed),
):
    desk_queue(queue)
