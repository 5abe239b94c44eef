"""The work that waits for a moderator: people who have not signed in yet, mail that bounced, questions without a reply."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Integer, bindparam, func, or_, select, true

from cop import access
from cop.base import clock
from cop.base.db import UtcDateTime
from cop.base.email import Email
from cop.base.fast.prepared import PreparedQuery
from cop.flags.models import CASE, waits
from cop.society.memberships import Membership
from cop.society.people import Person
from cop.things import Thing
from cop.threads.models import UNSETTLED, Thread

PATIENCE = timedelta(days=3)  # after which a question without a reply is a moderator's concern
SHOWN = 5
MOST_FLAGGED = 100
MEMBERSHIP, PERSON, EMAIL = Membership.__table__, Person.__table__, Email.__table__
THING, THREAD = Thing.__table__, Thread.__table__


class Absent(NamedTuple):
    """A person whose invitation has not been used, or whose mail bounced."""

    id: int
    name: str
    mail: str
    community_id: int
    since: datetime
    entered: datetime | None
    bounced: bool


_BOUNCED = select(EMAIL.c.id).where(EMAIL.c.person_id == PERSON.c.id, EMAIL.c.state == "failed").exists()
_COMMUNITIES: BindParameter[Any] = bindparam("communities", expanding=True)
_ABSENT = PreparedQuery(
    select(
        PERSON.c.id,
        PERSON.c.name,
        PERSON.c.mail,
        MEMBERSHIP.c.community_id,
        MEMBERSHIP.c.since,
        PERSON.c.entered,
        _BOUNCED.label("bounced"),
    )
    .select_from(MEMBERSHIP.join(PERSON, PERSON.c.id == MEMBERSHIP.c.person_id))
    .where(
        MEMBERSHIP.c.community_id.in_(_COMMUNITIES),
        MEMBERSHIP.c.ended.is_(None),
        PERSON.c.state != "deactivated",
        or_(PERSON.c.entered.is_(None), _BOUNCED),
    )
    .order_by(MEMBERSHIP.c.since, PERSON.c.id),
    row=Absent,
)


class WaitingQuestion(NamedTuple):
    """A question without a reply; `total` counts all of them, `flagged` what was flagged and waits.

    A single row without a question has the latter number alone.
    """

    id: int | None
    title: str
    made: datetime
    audience_id: int
    total: int
    flagged: int


_QUESTIONS = (
    select(THING.c.id, THING.c.title, THING.c.made, THING.c.audience_id, func.count().over().label("total"))
    .select_from(THING.join(THREAD, THREAD.c.id == THING.c.id))
    .where(
        THING.c.audience_id.in_(bindparam("audiences", expanding=True)),
        THING.c.kind == "thread",
        THING.c.state == "live",
        UNSETTLED,
        THREAD.c.replies == 0,
        THING.c.made < bindparam("before", type_=UtcDateTime),
    )
    .order_by(THING.c.made)
    .limit(bindparam("most", type_=Integer))
    .subquery("questions")
)
# One statement for both, with a row for the number where no question waits.
_FLAGGED = select(
    select(func.count())
    .select_from(select(CASE.c.id).where(waits(CASE.c)).limit(MOST_FLAGGED).subquery())
    .scalar_subquery()
    .label("flagged")
).subquery("flagged")
_WAITING = PreparedQuery(
    select(_QUESTIONS, _FLAGGED.c.flagged)
    .select_from(_FLAGGED.outerjoin(_QUESTIONS, true()))
    .order_by(_QUESTIONS.c.made),
    row=WaitingQuestion,
)


@dataclass(frozen=True)
class Moderating:
    """The work that waits for a moderator."""

    absent: list[Absent]  # have not signed in yet; each person once
    bounced: list[Absent]  # their mail could not be delivered
    questions: list[WaitingQuestion]
    flagged: int  # MOST_FLAGGED stands for that many or more

    def __bool__(self) -> bool:
        return bool(self.absent or self.bounced or self.questions or self.flagged)


def moderating(person: Person, audiences: Iterable[int], communities: Iterable[int]) -> Moderating:
    """Return what waits for the moderator of these audiences, which are those of the communities.

    What was flagged may stand for other audiences that they moderate.
    """
    people = {row.id: row for row in reversed(_ABSENT.rows(communities=list(communities)))}  # where they wait longest
    waiting = _WAITING.rows(
        audiences=list(audiences),
        before=clock.now() - PATIENCE,
        most=SHOWN,
        moderated=access.rights(person).planned,
        person=person.id,
        now=clock.now(),
    )
    found = sorted(people.values(), key=lambda row: row.since)
    return Moderating(
        absent=[row for row in found if row.entered is None and not row.bounced],
        bounced=[row for row in found if row.bounced],
        questions=[row for row in waiting if row.id is not None],
        flagged=waiting[0].flagged,
    )
