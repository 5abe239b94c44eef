"""Actions whose date has passed, and those whose owner was erased or left; read with the questions by one statement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, case, func, or_, select

from cop.base import clock
from cop.coach.signals.signal import Led, Signal, local_day
from cop.outcomes.models import OUTCOME, OWNER, TAKES_PART, THING
from cop.society.audience import Audience
from cop.society.programmes import Community, Partnership

MOST = 100  # the oldest


def open_actions(led: Sequence[Led]) -> Select[Any]:
    """Return the query for the open actions that nobody owns any more, and for those whose date has passed."""
    programme = func.coalesce(Audience.programme_id, Community.programme_id, Partnership.programme_id)
    owned = case((TAKES_PART, True), else_=False).label("owned")
    today = clock.today()
    return (
        select(
            THING.c.id,
            THING.c.title,
            THING.c.made,
            THING.c.audience_id,
            programme.label("programme_id"),
            func.coalesce(Community.name, Partnership.name, "").label("place"),
            OUTCOME.c.due,
            OWNER.c.name,
            owned,
        )
        .select_from(OUTCOME.join(THING, THING.c.id == OUTCOME.c.id).outerjoin(OWNER, OWNER.c.id == OUTCOME.c.owner_id))
        .join(Audience, Audience.id == THING.c.audience_id)
        .outerjoin(Community, Community.id == Audience.community_id)
        .outerjoin(Partnership, Partnership.id == Audience.partnership_id)
        .where(
            OUTCOME.c.status == "open",
            THING.c.state == "live",
            programme.in_([one.programme.id for one in led]),
            or_(OUTCOME.c.due < today, case((TAKES_PART, False), else_=True)),
        )
        .order_by(OUTCOME.c.due, THING.c.id)
        .limit(MOST)
    )


def signal_of(row: Any) -> Signal:
    """Return the signal of a row of `open_actions`."""
    url = f"/outcomes/{row.id}"
    if not row.owned:
        since = local_day(row.made)
        return Signal(row.programme_id, "ownerless", row.id, since, row.title, f"{url}/edit", place=row.place)
    since = row.due + timedelta(days=1)
    return Signal(row.programme_id, "overdue", row.id, since, row.title, url, place=row.place, details=(row.name,))
