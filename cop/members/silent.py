"""New members who have not written anything yet, on the desk of their moderators."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Integer, bindparam, select

from cop.access.desk import DeskItem, DeskQueue, desk_queue
from cop.base import clock
from cop.base.db import UtcDateTime
from cop.base.fast.prepared import PreparedQuery
from cop.base.words import _
from cop.society.audience import Audience
from cop.society.memberships import Membership
from cop.society.people import Person
from cop.things import Thing

PATIENCE, RECENT = timedelta(days=14), timedelta(days=60)  # between these since they joined, somebody is new and silent
MEMBERSHIP, PERSON, AUDIENCE = Membership.__table__, Person.__table__, Audience.__table__


class Silent(NamedTuple):
    """A member who has entered and written nothing in the community."""

    person_id: int
    audience_id: int
    name: str
    since: datetime


_wrote = (
    select(Thing.id)
    .where(Thing.author_id == PERSON.c.id, Thing.audience_id == AUDIENCE.c.id)
    .correlate(PERSON, AUDIENCE)
    .exists()
)
_SILENT = PreparedQuery(
    lambda: (
        select(PERSON.c.id.label("person_id"), AUDIENCE.c.id.label("audience_id"), PERSON.c.name, MEMBERSHIP.c.since)
        .select_from(
            MEMBERSHIP.join(PERSON, PERSON.c.id == MEMBERSHIP.c.person_id).join(
                AUDIENCE, AUDIENCE.c.community_id == MEMBERSHIP.c.community_id
            )
        )
        .where(
            AUDIENCE.c.id.in_(bindparam("moderated", expanding=True)),
            MEMBERSHIP.c.role == "member",
            MEMBERSHIP.c.ended.is_(None),
            MEMBERSHIP.c.since < bindparam("before", type_=UtcDateTime),
            MEMBERSHIP.c.since > bindparam("after", type_=UtcDateTime),
            PERSON.c.state == "active",
            PERSON.c.entered.is_not(None),
            ~_wrote,
        )
        .order_by(MEMBERSHIP.c.since, PERSON.c.id)
        .limit(bindparam("most", type_=Integer))
    ),
    row=Silent,
)


def silent(person: Person, audiences: Collection[int], most: int) -> list[DeskItem]:
    """Return the new members of these audiences who have not written yet, those who joined first before others."""
    now = clock.now()
    rows = _SILENT.rows(moderated=list(audiences), before=now - PATIENCE, after=now - RECENT, most=most)
    return [
        DeskItem(
            row.audience_id,
            f"/people/{row.person_id}",
            row.name,
            _("Nieuw, en schreef nog niets. Vraag eens waar het over mag gaan."),
            row.since,
        )
        for row in rows
    ]


desk_queue(DeskQueue("silent", 90, lambda: _("Nieuwe deelnemers die nog niets schreven"), silent))
