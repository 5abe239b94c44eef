"""Verbs of the programme team, who are moderators of every community of a programme."""

from __future__ import annotations

from sqlalchemy import select

from cop import access
from cop.base.action import action, detail
from cop.base.db import db, upsert
from cop.base.errors import Invalid
from cop.base.words import _
from cop.society.events import MembershipChanged
from cop.society.memberships import TeamMember
from cop.society.people import Person
from cop.society.programmes import Programme


@action("team.add")
def team_add(person: Person, programme: Programme, *, member: int) -> Person:
    """Add a person to the programme team. Raise Invalid when they are not visible or not active."""
    joined: Person | None = db.session.scalar(
        select(Person).where(Person.id == member, access.visible_to(person, Person))
    )
    if joined is None or not joined.is_active:
        raise Invalid(errors={"member": _("Kies iemand uit de lijst.")})
    upsert(TeamMember, {"programme_id": programme.id, "person_id": joined.id}, {})
    access.drop_cached_rights(joined)
    detail(member=joined.id)
    return joined


@action("team.remove", event=MembershipChanged)
def team_remove(person: Person, programme: Programme, *, member: int) -> Person:
    """Remove a person from the programme team. Raise Invalid when no active person would remain.

    Locks the whole team in one order, so that of two who leave at once the second sees that the first has gone.
    """
    team = {
        row.person_id: row
        for row in db.session.scalars(
            select(TeamMember)
            .where(TeamMember.programme_id == programme.id)
            .order_by(TeamMember.person_id)
            .with_for_update()
        )
    }
    if member not in team:
        raise Invalid(errors={"member": _("Deze deelnemer hoort niet bij het programmateam.")})
    others = select(Person.id).where(Person.id.in_(team.keys() - {member}), Person.state == "active").limit(1)
    if db.session.scalar(others) is None:
        raise Invalid(
            errors={"member": _("Dit is het laatste lid van het programmateam. Voeg eerst iemand anders toe.")}
        )
    db.session.delete(team[member])
    left = db.session.get_one(Person, member)
    access.drop_cached_rights(left)
    detail(member=left.id)
    return left
