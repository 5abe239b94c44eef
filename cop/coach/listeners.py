"""When a mail of a coach is sent, and what the desk forgets of a partnership that is removed."""

from __future__ import annotations

from sqlalchemy import delete, select

from cop.base import email
from cop.base.db import db
from cop.base.email import Email
from cop.coach.models import CoachMessage, DeskSettings, SetAside
from cop.society.people import Person
from cop.society.programmes import Partnership, Programme
from cop.things.removal import before_removal


@email.only_if("coach/")
def still_there(email: Email) -> bool:
    """Return whether the person still has an account when the mail is sent."""
    person = db.session.get(Person, email.person_id)
    return person is not None and person.is_active


@before_removal
def forget(audience_id: int) -> None:
    """Delete the settings, and what was set aside and written, of a programme or a partnership that is removed.

    Another partnership may get the same id.
    """
    partnership = select(Partnership.id).where(Partnership.audience_id == audience_id)
    programme = select(Programme.id).where(Programme.audience_id == audience_id)
    for owned in (DeskSettings, SetAside, CoachMessage):
        db.session.execute(delete(owned).where(owned.programme_id.in_(programme)))
    for kind in (SetAside, CoachMessage):
        db.session.execute(
            delete(kind).where(kind.kind.in_(("silent", "check_in")), kind.subject_id.in_(partnership)),
            execution_options={"synchronize_session": False},
        )
