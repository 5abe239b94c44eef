"""The organisations and people that a person can choose from in a form."""

from __future__ import annotations

from sqlalchemy import func, select

from cop.access.visibility import visible_to
from cop.base.db import db
from cop.society.organisations import Organisation
from cop.society.people import Person


def organisations_to_choose(person: Person) -> list[Organisation]:
    """Return every organisation that a person may see, by name."""
    visible = select(Organisation).where(visible_to(person, Organisation))
    return list(db.session.scalars(visible.order_by(func.lower(Organisation.name))))


def people_to_choose(person: Person) -> list[Person]:
    """Return the active people whom a person may see, by name."""
    visible = select(Person).where(visible_to(person, Person), Person.state != "deactivated", Person.name != "")
    return list(db.session.scalars(visible.order_by(func.lower(Person.name))))
