"""Questions that nobody replied to, read together with late actions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from sqlalchemy import Boolean, Date, Integer, Select, String, null, select, union_all
from sqlalchemy import text as sql

from cop.base import clock
from cop.base.db import db
from cop.base.working_days import working_days_before
from cop.coach.models import SetAside
from cop.coach.signals.outcomes import open_actions, signal_of
from cop.coach.signals.signal import Led, Signal, local_day, midnight
from cop.society.programmes import Community
from cop.things import Thing
from cop.threads.models import OPEN, Thread

MOST = 20  # of a community, the oldest first
SHOWN = timedelta(days=14)  # how long the desk shows a question that is done
THING, THREAD = Thing.__table__, Thread.__table__


def unanswered_and_late(led: Sequence[Led]) -> Iterator[Signal]:
    """Yield the questions without a reply for as many working days as the programme says, and late or ownerless actions."""
    communities = {one.audience_id: one for each in led for one in each.programme.communities}
    each = [_oldest(one, community) for one in led for community in one.programme.communities]
    nothing = (null().cast(Integer), null().cast(String), null().cast(Date), null().cast(String), null().cast(Boolean))
    together = union_all(select(open_actions(led).subquery()), *(select(one.subquery(), *nothing) for one in each))
    for row in db.session.execute(together):
        if row.programme_id is not None:
            yield signal_of(row)
            continue
        community = communities[row.audience_id]
        yield Signal(
            community.programme_id,
            "question",
            row.id,
            local_day(row.made),
            row.title,
            f"/threads/{row.id}",
            place=community.name,
        )


def _oldest(one: Led, community: Community) -> Select[int, str, object, int]:
    """Return the query for the oldest of a community, in the order of its index."""
    before = midnight(working_days_before(clock.today(), one.settings.answer_days, one.settings.free))
    done = select(SetAside.id).where(
        SetAside.programme_id == one.programme.id,
        SetAside.kind == "question",
        SetAside.subject_id == THREAD.c.id,
        SetAside.until.is_(None),
        SetAside.made < clock.now() - SHOWN,
    )
    return (
        select(THREAD.c.id, THING.c.title, THING.c.made, THREAD.c.audience_id)
        .select_from(THREAD.join(THING, THING.c.id == THREAD.c.id))
        .where(
            sql(OPEN),
            THREAD.c.audience_id == community.audience_id,
            THREAD.c.replies == 0,
            THING.c.state == "live",
            THING.c.made < before,
            ~done.exists(),
        )
        .order_by(THREAD.c.id)
        .limit(MOST)
    )
