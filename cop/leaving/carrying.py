"""What a person carries: the memberships, partnerships, teams and single things that end when they leave."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from cop.base.db import db
from cop.society.audience import Guest, current_guest
from cop.society.memberships import Membership, TeamMember, current
from cop.society.organisations import Organisation
from cop.society.people import Affiliation, Person
from cop.society.programmes import Community, PartnerOrganisation, PartnerPerson, Partnership, Programme


@dataclass
class Carried:
    """What ends when somebody leaves, and where they are the last one to lead."""

    memberships: list[Membership]
    partnerships: list[Partnership]
    team: list[Programme] = field(default_factory=list)
    guests: list[Guest] = field(default_factory=list)
    last: list[Community | Programme] = field(default_factory=list)  # without a moderator or a team after this

    @property
    def programmes(self) -> list[int]:
        """The ids of the programmes concerned."""
        found = {one.community.programme_id for one in self.memberships}
        return sorted(found | {one.programme_id for one in self.partnerships} | {one.id for one in self.team})


def works_for(person: Person) -> list[Organisation]:
    """Return the organisations a person works for, the one beside their name first."""
    ids = select(Affiliation.organisation_id).where(Affiliation.person_id == person.id)
    found = db.session.scalars(
        select(Organisation)
        .where(Organisation.id.in_(ids) | (Organisation.id == person.organisation_id))
        .order_by(Organisation.name, Organisation.id)
    )
    return sorted(found, key=lambda one: one.id != person.organisation_id)


def carried(person: Person, organisation: int | None = None) -> Carried:
    """Return what a person carries altogether, or for one of their organisations.

    For one organisation those are the partnerships in which no other organisation of theirs takes part, and the
    communities of programmes in which they have no partnership left; a role as moderator, expert or in the team stays.
    """
    mine = select(PartnerPerson.partnership_id).where(PartnerPerson.person_id == person.id)
    partnerships = list(
        db.session.scalars(select(Partnership).where(Partnership.id.in_(mine)).order_by(Partnership.name))
    )
    memberships = list(
        db.session.scalars(
            select(Membership)
            .where(Membership.person_id == person.id, current())
            .options(joinedload(Membership.community))
            .order_by(Membership.community_id)
        )
    )
    team = list(
        db.session.scalars(
            select(Programme)
            .join(TeamMember, TeamMember.programme_id == Programme.id)
            .where(TeamMember.person_id == person.id)
            .order_by(Programme.id)
        )
    )
    if organisation is not None:
        return _of_organisation(person, organisation, partnerships, memberships, {one.id for one in team})
    guests = db.session.scalars(select(Guest).where(Guest.person_id == person.id, current_guest()))
    found = Carried(memberships, partnerships, team, list(guests))
    found.last = [*_without_moderator(person, memberships), *_without_team(person, team)]
    return found


def _of_organisation(
    person: Person, organisation: int, partnerships: list[Partnership], memberships: list[Membership], team: set[int]
) -> Carried:
    others = {one.id for one in works_for(person)} - {organisation}
    rows = db.session.execute(
        select(PartnerOrganisation.partnership_id, PartnerOrganisation.organisation_id).where(
            PartnerOrganisation.partnership_id.in_([one.id for one in partnerships])
        )
    ).all()
    theirs = {row.partnership_id for row in rows if row.organisation_id == organisation}
    kept = {row.partnership_id for row in rows if row.organisation_id in others}
    ending = [one for one in partnerships if one.id in theirs - kept]
    left = {one.programme_id for one in ending} - team
    left -= {one.programme_id for one in partnerships if one not in ending}
    return Carried(
        [one for one in memberships if one.role in ("member", "reader") and one.community.programme_id in left], ending
    )


def _without_moderator(person: Person, memberships: list[Membership]) -> list[Community]:
    """Return the communities of which the person is the only active moderator."""
    mine = [one.community for one in memberships if one.role == "moderator"]
    others = set(
        db.session.scalars(
            select(Membership.community_id)
            .join(Person, Person.id == Membership.person_id)
            .where(
                Membership.community_id.in_([one.id for one in mine]),
                Membership.role == "moderator",
                Membership.person_id != person.id,
                Person.state == "active",
                current(),
            )
        )
    )
    return [one for one in mine if one.id not in others]


def _without_team(person: Person, team: list[Programme]) -> list[Programme]:
    """Return the programmes of whose team the person is the only active one."""
    others = set(
        db.session.scalars(
            select(TeamMember.programme_id)
            .join(Person, Person.id == TeamMember.person_id)
            .where(
                TeamMember.programme_id.in_([one.id for one in team]),
                TeamMember.person_id != person.id,
                Person.state == "active",
            )
        )
    )
    return [one for one in team if one.id not in others]
