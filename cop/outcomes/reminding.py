"""The job that reminds the owners of open actions: two working days before the date, and the day after it."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import or_, select, update

from cop import access
from cop.base import clock, jobs
from cop.base.action import transaction
from cop.base.db import db
from cop.base.working_days import working_days_before
from cop.outcomes.mailing import Mail, write_to_owner
from cop.outcomes.models import OUTCOME, Outcome
from cop.society.people import Person

BEFORE = 2  # working days
FARTHEST = timedelta(days=14)  # before a date that long holidays precede


@jobs.job("outcomes.remind")
def remind() -> None:
    """Remind the owners of the open actions of programmes that are not in the archive; each once before and once after."""
    today = clock.today()
    waiting = (
        select(Outcome.id)
        .where(
            Outcome.state == "live",
            Outcome.status == "open",
            Outcome.due <= today + FARTHEST,
            or_(Outcome.due >= today, Outcome.reminded_after.is_distinct_from(Outcome.due)),
        )
        .order_by(Outcome.due, Outcome.id)
    )
    for id in db.session.scalars(waiting).all():
        with transaction():
            _remind(id, today)


def _remind(id: int, today: date) -> None:
    """Remind the owner of an action if it is time, unless that was done."""
    outcome = db.session.get_one(Outcome, id)
    if outcome.due is None or outcome.due >= today + FARTHEST:
        return
    kind: Mail
    if outcome.due < today:
        kind, column = "overdue", OUTCOME.c.reminded_after
    elif _day_before(outcome.due) <= today:
        kind, column = "soon", OUTCOME.c.reminded_before
    else:
        return
    owner = db.session.get(Person, outcome.owner_id)
    if owner is None or not owner.is_active:
        return
    access.drop_cached_rights(owner)
    if access.rights(owner).role(outcome.audience_id) is None or access.rights(owner).archived(outcome):
        return
    noted = update(OUTCOME).where(
        OUTCOME.c.id == id,
        OUTCOME.c.status == "open",
        OUTCOME.c.due == outcome.due,
        column.is_distinct_from(outcome.due),
    )
    # The row is written first: of two jobs at once only one finds that it was not done.
    done = db.session.connection().execute(noted.values({column: outcome.due}))
    if done.rowcount:
        db.session.refresh(outcome)
        write_to_owner(kind, outcome)


def spare_reminder(outcome: Outcome) -> None:
    """Leave out the reminder before a date that is so near that its owner was told just now."""
    if outcome.due is not None and _day_before(outcome.due) <= clock.today():
        outcome.reminded_before = outcome.due


def _day_before(due: date) -> date:
    """Return the day on which the owner is reminded of an action that is coming."""
    return working_days_before(due, BEFORE)
