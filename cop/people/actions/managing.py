"""Verbs of administrators: adding people, closing accounts, and appointing administrators."""

from __future__ import annotations

from sqlalchemy import select

from cop.base import email
from cop.base.action import action, detail
from cop.base.db import db
from cop.base.errors import Conflict, Invalid
from cop.base.mail_addresses import checked
from cop.base.words import _
from cop.people.actions.profile import affiliate
from cop.society.credentials import LINK_LASTS, end_links, end_sessions, new_link
from cop.society.people import Person, by_mail


@action("people.add")
def add(person: Person, thing: None, *, mail: str, name: str, organisation: int = 0, admin: bool = False) -> Person:
    """Add a person and mail them the link to sign in with. Raise Invalid when the address is taken or none."""
    mail = checked(mail)
    if by_mail(mail) is not None:
        raise Invalid(errors={"mail": _("Er is al iemand met dit mailadres.")})
    added = Person(mail=mail, name=name, state="invited", is_admin=admin)
    db.session.add(added)
    db.session.flush()
    if organisation:
        affiliate(added, organisation, by=person)
    _invite(person, added)
    detail(person=added.id, admin=int(admin))
    return added


def _invite(inviter: Person, person: Person) -> None:
    """Mail the invitation to the platform, which also says what an administrator does."""
    secret, code = new_link(person, "invitation")
    email.enqueue(
        "people/invitation",
        to=person.mail,
        name=person.name,
        language=person.language,
        person_id=person.id,
        secret=secret,
        code=code,
        inviter=inviter.name,
        admin=person.is_admin,
        days=LINK_LASTS["invitation"].days,
    )


@action("people.correct")
def correct(
    person: Person, other: Person, *, name: str | None = None, mail: str | None = None, organisation: int | None = None
) -> Person:
    """Correct the name, address or organisation (0 for none) of somebody who has not entered yet.

    Another address gets the invitation anew, and the links in earlier mails end. Raise Invalid when it is taken or none,
    or when the person has entered.
    """
    if other.entered is not None or other.state != "invited":
        raise Invalid(errors={"name": _("Deze persoon heeft al ingelogd en past dit zelf aan.")})
    address = other.mail if mail is None else checked(mail)
    moved = address.lower() != other.mail.lower()
    if moved and by_mail(address) is not None:
        raise Invalid(errors={"mail": _("Er is al iemand met dit mailadres.")})
    if organisation is not None:
        affiliate(other, organisation, by=person)
    other.name, other.mail = other.name if name is None else name, address
    if moved:
        end_links(other, "invitation", "sign-in")
        db.session.flush()
        _invite(person, other)
    detail(person=other.id, moved=int(moved))
    return other


@action("people.promote")
def promote(person: Person, other: Person) -> Person:
    """Make a person an administrator, and mail them what that means."""
    if not other.is_active:
        raise Invalid(errors={"person": _("Dit account is afgesloten. Open het eerst weer.")})
    if not other.is_admin and other.id != person.id:
        email.enqueue(
            "people/administrator",
            to=other.mail,
            name=other.name,
            language=other.language,
            person_id=other.id,
            appointer=person.name,
        )
    other.is_admin = True
    return other


@action("people.demote")
def demote(person: Person, other: Person) -> Person:
    """Withdraw a person's administrator rights. Raise Conflict for the last administrator."""
    _refuse_last_admin(other)
    other.is_admin = False
    return other


@action("people.deactivate")
def deactivate(person: Person, other: Person) -> Person:
    """Close a person's account; their contributions stay. Raise Conflict for the last administrator."""
    _refuse_last_admin(other)
    other.state = "deactivated"
    end_links(other)
    end_sessions(other)
    return other


def _refuse_last_admin(other: Person) -> None:
    """Raise Conflict when this is the last administrator.

    Locks all administrators, so that two cannot deactivate each other at once.
    """
    if not other.is_admin:
        return
    active = select(Person.id).where(Person.is_admin, Person.state == "active").order_by(Person.id).with_for_update()
    admins = set(db.session.scalars(active))
    if other.id in admins and len(admins) == 1:
        raise Conflict(_("Dit is de laatste beheerder. Maak eerst iemand anders beheerder."))


@action("people.reactivate")
def reactivate(person: Person, other: Person) -> Person:
    """Reopen a closed account, with the memberships it still has."""
    if other.state == "deactivated":
        other.state = "active" if other.entered else "invited"
    return other
