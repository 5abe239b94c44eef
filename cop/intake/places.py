"""The places of a call: taken and given back by conditional statements, and offered to the reserve."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from cop.base import clock
from cop.base.db import db
from cop.intake.mailing import write_all
from cop.intake.models import Application, Call, Decision


def take_place(call: Call) -> bool:
    """Take one of the places of a call, by one conditional statement; return whether there was one."""
    found = db.session.execute(
        update(Call)
        .where(Call.id == call.id, (Call.cap.is_(None)) | (Call.admitted < Call.cap))
        .values(admitted=Call.admitted + 1)
        .returning(Call.id)
        .execution_options(synchronize_session=False)
    ).scalar()
    return found is not None


def give_back(application: Application) -> bool:
    """Give the place of an application back, its own row first; return whether it had one."""
    had = db.session.execute(
        update(Decision)
        .where(Decision.application_id == application.id, Decision.holds_place)
        .values(holds_place=False)
        .returning(Decision.application_id)
        .execution_options(synchronize_session=False)
    ).scalar()
    if had is None:
        return False
    db.session.execute(
        update(Call)
        .where(Call.id == application.call_id)
        .values(admitted=Call.admitted - 1)
        .execution_options(synchronize_session=False)
    )
    decision = db.session.get(Decision, application.id)
    if decision is not None:
        db.session.refresh(decision)
    return True


def offer_next(call: Call) -> Application | None:
    """Offer a free place to the first of the announced reserve, with a term; return whom, or None.

    The call's row is locked before the reserve is read, so that two withdrawals make two offers.
    """
    if not take_place(call):
        return None
    first = db.session.scalar(
        select(Application)
        .join(Decision, Decision.application_id == Application.id)
        .where(Application.call_id == call.id, Application.state == "submitted", Application.outcome == "reserve")
        .order_by(Decision.rank, Application.id)
        .limit(1)
        .with_for_update(of=Application)
    )
    if first is None:
        db.session.execute(
            update(Call)
            .where(Call.id == call.id)
            .values(admitted=Call.admitted - 1)
            .execution_options(synchronize_session=False)
        )
        return None
    until = clock.now() + timedelta(days=call.offer_days)
    first.outcome, first.offered_until, first.announced = "offered", until, clock.now()
    db.session.execute(update(Decision).where(Decision.application_id == first.id).values(holds_place=True))
    db.session.flush()
    write_all("offer", first, until=until)
    return first
