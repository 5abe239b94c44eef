"""The jobs of experts: reminders and escalation by working days, the mail of the week, and what a busy moment left."""

from __future__ import annotations

from sqlalchemy import select

from cop import access
from cop.base import clock, jobs
from cop.base.action import transaction
from cop.base.db import db
from cop.base.working_days import is_working_day, working_days_after
from cop.experts import routing
from cop.experts.actions import assigning
from cop.experts.mailing import THURSDAY, write_to_expert, write_week
from cop.experts.models import OPEN, REMIND, REQUEST, WITH_EXPERT, ExpertRequest
from cop.society.people import Person


@jobs.job("experts.remind")
def remind() -> None:
    """Check who still takes part, remind experts on the third working day, and tell moderators on the last day of a term."""
    today = clock.today()
    audiences = select(REQUEST.c.audience_id).where(REQUEST.c.state.in_(OPEN)).distinct()
    for audience in sorted(db.session.scalars(audiences).all()):
        with transaction():
            routing.lock(audience)
            assigning.recheck(audience)
    if not is_working_day(today):
        return
    for id in db.session.scalars(
        select(REQUEST.c.id).where(REQUEST.c.state.in_(WITH_EXPERT)).order_by(REQUEST.c.id)
    ).all():
        with transaction():
            _remind(id)


def _remind(id: int) -> None:
    """Remind the expert of a request, or tell the moderators, if it is time and was not done."""
    request, today = routing.locked(db.session.get_one(ExpertRequest, id)), clock.today()
    if request.state not in WITH_EXPERT or request.put is None or request.due is None:
        return
    if _archived(request):
        return
    if request.due <= today:
        if request.escalated is None:
            assigning.escalate(access.SYSTEM, request)
    elif request.reminded is None and working_days_after(clock.local(request.put).date(), REMIND) <= today:
        assigning.remind(access.SYSTEM, request)
        if today.weekday() != THURSDAY:  # the mail of the week says it too
            write_to_expert("reminder", request)


def _archived(request: ExpertRequest) -> bool:
    return access.audience(access.SYSTEM, request.audience_id).archived


@jobs.job("experts.weekly")
def weekly() -> None:
    """Write every expert one mail with all that waits for them; none to whom nothing waits."""
    waiting = select(REQUEST.c.expert_id).where(REQUEST.c.state.in_(WITH_EXPERT)).distinct()
    for id in sorted(db.session.scalars(waiting).all()):
        with transaction():
            expert = db.session.get_one(Person, id)
            if expert.is_active:
                write_week(expert)


@jobs.job("experts.reconcile")
def reconcile(id: int) -> None:
    """Settle a request by its thread: a verb that changed that thread could not wait for the audience."""
    with transaction():
        request = db.session.get(ExpertRequest, id)
        if request is not None:
            assigning.reconcile(routing.locked(request))


@jobs.job("experts.recheck")
def recheck(audience_id: int) -> None:
    """Settle the requests of an audience by who is an expert there now."""
    with transaction():
        routing.lock(audience_id)
        assigning.recheck(audience_id)
