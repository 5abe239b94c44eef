"""Verbs of the programme team, who are moderators of every community of a programme."""

from __future__ import annotations

from sqlalchemy import select

from cop import access
from cop.access.choosing import person_at, person_chosen
from cop.base.action import action, detail
from cop.base.db import db, upsert
from cop.base.errors import Invalid
from cop.base.words import _
from cop.society.events import MembershipChanged
from cop.society.memberships import TeamMember
from cop.society.people import Person
from cop.society.programmes import Programme
from cop.society.telling import tell_of_role


@action("team.add", event=MembershipChanged)
def team_add(
    person: Person,
    programme: Programme,
    *,
    member: int | None = None,
    mail: str | None = None,
    name: str = "",
    told: bool = False,
) -> Person:
    """Add a person to the programme team and mail them: a visible one by id, or anybody by mail address.

    An address that is new to the platform becomes a person with this name. Those who are in the team but have not signed
    in yet get a new link. told: they know already, as when a removal is undone. Raise Invalid when the person is not
    visible or not active, or when nobody is given.
    """
    joined = person_at(mail, name) if mail else person_chosen(person, member, "member")
    known = db.session.get(TeamMember, (programme.id, joined.id)) is not None
    upsert(TeamMember, {"programme_id": programme.id, "person_id": joined.id}, {})
    access.drop_cached_rights(joined)
    detail(member=joined.id)
    news = not known or not joined.entered
    if news and not told and person is not access.SYSTEM and joined.id != person.id:
        tell_of_role("programmes/team", person, joined, programme.url, programme=programme)
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
