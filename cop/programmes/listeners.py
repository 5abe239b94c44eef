"""Listeners of programmes: start phases by date and tell of them."""

from __future__ import annotations

from sqlalchemy import select

from cop import access
from cop.base import clock, email, jobs
from cop.base.db import db
from cop.base.events import on
from cop.programmes import actions
from cop.society.events import PhaseEntered
from cop.society.memberships import people_of_programme
from cop.society.people import Person
from cop.society.programmes import Programme


@jobs.job("phases.enter")
def enter_phases() -> None:
    """Start the phases of which the first day has come."""
    today = clock.today()
    for programme in db.session.scalars(select(Programme).where(Programme.phase != "archive")).all():
        if due := actions.due_phase(programme, today):
            actions.enter_phase(access.SYSTEM, programme, phase=due.kind, current=programme.phase, mail=True)


@on("programmes.enter_phase")
def mail_phase(event: PhaseEntered) -> None:
    """Mail those who take part that a phase began, when that was asked, and always that nothing can be added any more."""
    if not event.mailed and event.phase != "archive":
        return
    programme = event.thing
    told = select(Person).where(people_of_programme(programme.id), Person.entered.is_not(None))
    for person in db.session.scalars(told.order_by(Person.id)).all():
        if person.id != event.person.id:
            email.enqueue(
                "programmes/phase",
                to=person.mail,
                name=person.name,
                language=person.language,
                person_id=person.id,
                programme=programme,
                phase=event.phase,
                reopened=event.before == "archive",
            )
