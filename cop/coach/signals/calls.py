"""Applications to be decided, decisions that were not sent, and offered places that soon expire."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import case, func, select

from cop.base import clock
from cop.base.db import db
from cop.base.working_days import working_days_after
from cop.coach.signals.signal import Led, Signal, local_day, midnight
from cop.intake.models import Application, Call, CallWindow, Decision, Review
from cop.society.people import Person

SOON = 2  # working days before an offered place expires


def deciding(led: Sequence[Led], person: Person) -> Iterator[Signal]:
    """Yield what waits in the calls that are closed, without those in which the person has a conflict of interest."""
    here, now = {one.programme.id: one for one in led}, clock.now()
    closes = select(func.max(CallWindow.closes)).where(CallWindow.call_id == Call.id).scalar_subquery()
    waits = Application.outcome.is_(None)
    proposed = Decision.outcome.is_not(None) & (Decision.outcome != "none")
    offered = Application.outcome == "offered"
    conflicts = (
        select(Application.call_id)
        .join(Review, Review.application_id == Application.id)
        .where(Review.person_id == person.id, Review.state == "conflict")
    )
    rows = db.session.execute(
        select(
            Call.id,
            Call.slug,
            Call.title,
            Call.programme_id,
            closes.label("closes"),
            func.count(case((waits & ~func.coalesce(proposed, False), 1))).label("undecided"),
            func.count(case((waits & proposed, 1))).label("unsent"),
            func.count(case((offered, 1))).label("offered"),
            func.min(case((offered, Application.offered_until))).label("until"),
        )
        .select_from(Call)
        .join(Application, Application.call_id == Call.id)
        .outerjoin(Decision, Decision.application_id == Application.id)
        .where(Call.programme_id.in_(here), Application.state == "submitted", Call.id.not_in(conflicts))
        .group_by(Call.id, Call.slug, Call.title, Call.programme_id)
    ).all()
    for row in rows:
        if row.closes is None or row.closes > now:
            continue
        since, url = local_day(row.closes), f"/calls/{row.slug}"
        if row.undecided:
            yield Signal(
                row.programme_id, "decision", row.id, since, row.title, f"{url}/decisions", number=row.undecided
            )
        if row.unsent:
            yield Signal(row.programme_id, "unsent", row.id, since, row.title, f"{url}/decisions", number=row.unsent)
        free = here[row.programme_id].settings.free
        if row.offered and row.until < midnight(working_days_after(clock.today(), SOON, free)):
            yield Signal(
                row.programme_id,
                "offer",
                row.id,
                clock.today(),
                row.title,
                f"{url}/applications",
                number=row.offered,
                until=local_day(row.until),
            )
