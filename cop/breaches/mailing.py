"""Mail to the administrators about a breach; it says where it was, never what."""

from __future__ import annotations

from sqlalchemy import select

from cop.base import email
from cop.base.db import db
from cop.breaches.models import Breach
from cop.society.people import Person


def write_to_administrators(breach: Breach) -> None:
    """Enqueue a mail to every administrator, in the running transaction."""
    for person in db.session.scalars(select(Person).where(Person.is_admin, Person.state == "active")):
        email.enqueue(
            "breaches/reported",
            to=person.mail,
            name=person.name,
            language=person.language,
            person_id=person.id,
            headers={"Auto-Submitted": "auto-generated"},
            breach=breach,
        )
