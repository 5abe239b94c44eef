"""The people of the demonstration, for one-click sign-in."""

from __future__ import annotations

from sqlalchemy import select

from cop.base.db import db
from cop.base.words import _
from cop.society.memberships import Membership, TeamMember, current
from cop.society.organisations import Organisation
from cop.society.people import GUEST, Person


def cast(who: str = "") -> list[tuple[str, list[Person]]]:
    """Return groups (title, people): those with a special role first, everybody else by organisation.

    With `who` only the people whose name, function or organisation contains it.
    """
    team = set(db.session.scalars(select(TeamMember.person_id)))
    roles: dict[int, set[str]] = {}
    for id, role in db.session.execute(select(Membership.person_id, Membership.role).where(current())):
        roles.setdefault(id, set()).add(role)
    titles = (_("Programmateam"), _("Moderatoren"), _("Experts"), _("Deelnemers"))
    groups: dict[str, list[Person]] = {title: [] for title in titles}
    everybody = (
        select(Person)
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .where(Person.state.not_in(("deactivated", GUEST)))
        .order_by(Organisation.name, Person.name)
    )
    for person in db.session.scalars(everybody):
        if who.casefold() not in said(person).casefold():
            continue
        mine = roles.get(person.id, set())
        part = 0 if person.id in team or person.is_admin else 1 if "moderator" in mine else 2 if "expert" in mine else 3
        groups[titles[part]].append(person)
    return [(title, people) for title, people in groups.items() if people]


def said(person: Person) -> str:
    """Return what the list says of a person."""
    return " ".join((person.name, person.function, person.organisation.name if person.organisation else ""))
