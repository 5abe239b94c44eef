"""Who comes to a meeting, for everybody who is invited."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import func, select

from cop import access
from cop.base.db import db
from cop.meetings.models import Meeting, coming_ids, owner_of, programme_of
from cop.society.memberships import Membership, TeamMember, current, surname
from cop.society.organisations import Organisation
from cop.society.people import Person, shown_name
from cop.society.programmes import Community, CommunityGroup, PartnerPerson, Partnership

_ORDER = ("team", "moderator", "expert", "reader", "member")


class Participant(NamedTuple):
    """Somebody who comes; `shared` are the names of the reader's own communities and partnerships that they are in."""

    id: int
    name: str
    organisation: str
    function: str
    role: str
    shared: list[str]


def participants(person: Person, meeting: Meeting) -> list[Participant]:
    """Return those who said that they come, by surname, as a person reads them."""
    comes = coming_ids(meeting.id, guests=False)
    rows = db.session.execute(
        select(Person.id, Person.name, Person.former, Person.function, Organisation.name.label("organisation"))
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .where(Person.id.in_(comes), access.visible_to(person, Person))
    ).all()
    owner = owner_of(meeting)
    programme = programme_of(owner).id
    communities = {owner.id} if isinstance(owner, Community) else None
    if isinstance(owner, CommunityGroup):
        communities = {community.id for community in owner.communities}
    roles: dict[int, set[str]] = {}
    shared: dict[int, list[str]] = {}
    mine = {
        row.id: row.name
        for row in access.rights(person).communities
        if row.role is not None and communities != {row.id}
    }
    memberships = (
        select(Membership.person_id, Membership.role, Membership.community_id)
        .join(Community, Community.id == Membership.community_id)
        .where(Membership.person_id.in_(comes), Community.programme_id == programme, current())
        .order_by(Community.name)
    )
    for id, role, community in db.session.execute(memberships):
        if communities is None or community in communities:
            roles.setdefault(id, set()).add(role)
        if community in mine:
            shared.setdefault(id, []).append(mine[community])
    team = select(TeamMember.person_id).where(TeamMember.programme_id == programme, TeamMember.person_id.in_(comes))
    for id in db.session.scalars(team):
        roles.setdefault(id, set()).add("team")
    partnerships = select(PartnerPerson.partnership_id).where(PartnerPerson.person_id == person.id)
    partners = (
        select(PartnerPerson.person_id, Partnership.name)
        .join(Partnership, Partnership.id == PartnerPerson.partnership_id)
        .where(PartnerPerson.partnership_id.in_(partnerships), PartnerPerson.person_id.in_(comes))
        .order_by(func.lower(Partnership.name))
    )
    for id, name in db.session.execute(partners):
        shared.setdefault(id, []).append(name)
    found = [
        Participant(
            row.id,
            shown_name(row.name, row.former),
            row.organisation or "",
            row.function,
            next((role for role in _ORDER if role in roles.get(row.id, ())), "member"),
            [] if row.id == person.id else shared.get(row.id, []),
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (surname(one.name), one.id))
