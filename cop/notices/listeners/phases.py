"""Phase events: notify those who take part in a programme of its new phase."""

from __future__ import annotations

from sqlalchemy import select

from cop.base.db import db
from cop.base.events import on
from cop.notices.notifying import notify_of_phase
from cop.society.events import PhaseEntered
from cop.society.memberships import people_of_programme
from cop.society.people import Person


@on("programmes.enter_phase")
def entered(event: PhaseEntered) -> None:
    """Notify everybody who takes part in the programme, except the one who started the phase."""
    programme = event.thing
    people = set(db.session.scalars(select(Person.id).where(people_of_programme(programme.id))))
    notify_of_phase(people - {event.person.id}, event.phase, actor=event.person.id, audience=programme.audience_id)
