"""When a mail of a coach is sent."""

from __future__ import annotations

from cop.base import email
from cop.base.db import db
from cop.base.email import Email
from cop.society.people import Person


@email.only_if("coach/")
def still_there(email: Email) -> bool:
    """Return whether the person still has an account when the mail is sent."""
    person = db.session.get(Person, email.person_id)
    return person is not None and person.is_active
