"""Taking an acceptance back: what it made for its people."""

from __future__ import annotations

from contextlib import suppress

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from cop import access
from cop.base.db import db
from cop.base.email import Email
from cop.society.credentials import OneTimeLink
from cop.society.events import Undone
from cop.society.invitations import Invitation
from cop.society.memberships import Membership
from cop.society.people import Affiliation, Person
from cop.society.programmes import PartnerPerson


def take_back(undone: Undone) -> None:
    """Remove the invitations and memberships made since an acceptance, and the accounts that it made."""
    for kind, moment in ((Invitation, Invitation.made), (Membership, Membership.since)):
        db.session.execute(delete(kind).where(kind.person_id.in_(undone.people), moment >= undone.made))
    db.session.execute(delete(PartnerPerson).where(PartnerPerson.partnership_id == undone.partnership))
    waiting = Email.person_id.in_(undone.people) & (Email.state == "waiting") & (Email.made >= undone.made)
    db.session.execute(delete(Email).where(waiting))
    for id in undone.people:
        person = db.session.get_one(Person, id)
        access.drop_cached_rights(person)
        if id in undone.new:
            _remove(person)


def _remove(person: Person) -> None:
    """Delete an account that nobody entered; keep it, without its links, where something else refers to it."""
    db.session.execute(delete(OneTimeLink).where(OneTimeLink.person_id == person.id))
    elsewhere = select(Membership.id).where(Membership.person_id == person.id).limit(1)
    if person.entered is not None or db.session.scalar(elsewhere) is not None:
        return
    db.session.flush()
    id, connection = person.id, db.session.connection()
    with suppress(IntegrityError), connection.begin_nested():
        connection.execute(delete(Affiliation).where(Affiliation.person_id == id))
        connection.execute(delete(Person).where(Person.id == id))
        db.session.expunge(person)
