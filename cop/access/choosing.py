"""The organisations and people that a person can choose from in a form, and people who are named by mail address."""

from __future__ import annotations

from sqlalchemy import func, select

from cop.access.visibility import visible_to
from cop.base.db import advisory_lock, db
from cop.base.errors import Invalid
from cop.base.mail_addresses import checked
from cop.base.words import _
from cop.society.organisations import Organisation
from cop.society.people import Person, by_mail


def organisations_to_choose(person: Person) -> list[Organisation]:
    """Return every organisation that a person may see, by name."""
    visible = select(Organisation).where(visible_to(person, Organisation))
    return list(db.session.scalars(visible.order_by(func.lower(Organisation.name))))


def people_to_choose(person: Person) -> list[Person]:
    """Return the active people whom a person may see, by name."""
    visible = select(Person).where(visible_to(person, Person), Person.state != "deactivated", Person.name != "")
    return list(db.session.scalars(visible.order_by(func.lower(Person.name))))


def person_at(mail: str, name: str) -> Person:
    """Return the person with this mail address, added with this name if the address is new.

    Raise Invalid for an address that cannot be mailed, for a new one without a name, and for a closed account.
    """
    mail = checked(mail)
    advisory_lock(f"mail:{mail.lower()}")
    found = by_mail(mail)
    if found is None:
        if not name:
            raise Invalid(errors={"name": _("Vul de naam in. Dit mailadres is nieuw op het platform.")})
        found = Person(mail=mail, name=name, state="invited")
        db.session.add(found)
        db.session.flush()
    if not found.is_active:
        raise Invalid(errors={"mail": _("Dit account is afgesloten. Vraag de beheerder het weer te openen.")})
    return found


def person_chosen(person: Person, id: int | None, field: str) -> Person:
    """Return the active person with this id whom `person` sees. Raise Invalid, naming the field, for others."""
    found: Person | None = db.session.scalar(select(Person).where(Person.id == id, visible_to(person, Person)))
    if found is None or not found.is_active:
        raise Invalid(errors={field: _("Kies iemand uit de lijst, of vul een mailadres in.")})
    return found
