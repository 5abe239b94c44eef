"""Questions to which nobody replied for some working days, on the desk of their moderators."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time
from typing import NamedTuple

from sqlalchemy import Integer, bindparam, select

from cop.access.desk import DeskItem, DeskQueue, desk_queue
from cop.base import clock
from cop.base.db import UtcDateTime
from cop.base.fast.prepared import PreparedQuery
from cop.base.words import _
from cop.base.working_days import working_days_before
from cop.society.people import Person
from cop.threads.models import PERSON, THING, THREAD, UNSETTLED

PATIENCE = 3  # working days


class Unanswered(NamedTuple):
    """A question without a reply; name: of its author, None for somebody who left."""

    id: int
    audience_id: int
    title: str
    made: datetime
    name: str | None


_UNANSWERED = PreparedQuery(
    select(THING.c.id, THING.c.audience_id, THING.c.title, THING.c.made, PERSON.c.name)
    .select_from(THREAD.join(THING, THING.c.id == THREAD.c.id).outerjoin(PERSON, PERSON.c.id == THING.c.author_id))
    .where(
        THREAD.c.audience_id.in_(bindparam("moderated", expanding=True)),
        UNSETTLED,
        THREAD.c.replies == 0,
        THING.c.state == "live",
        THING.c.made < bindparam("before", type_=UtcDateTime),
    )
    .order_by(THING.c.made, THING.c.id)
    .limit(bindparam("most", type_=Integer)),
    row=Unanswered,
)


def unanswered(person: Person, audiences: Collection[int], most: int) -> list[DeskItem]:
    """Return the questions in these audiences that wait for a first reply, the oldest first."""
    before = datetime.combine(working_days_before(clock.today(), PATIENCE), time(), clock.AMSTERDAM)
    rows = _UNANSWERED.rows(moderated=list(audiences), before=before, most=most)
    return [
        DeskItem(
            row.audience_id,
            f"/threads/{row.id}",
            row.title,
            _("%(name)s kreeg nog geen reactie.", name=row.name or _("Oud-deelnemer")),
            row.made,
        )
        for row in rows
    ]


desk_queue(DeskQueue("unanswered", 20, lambda: _("Vragen zonder reactie"), unanswered))
