"""Who takes part in a community, as what, and until when."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import func, select, update

from cop import access
from cop.base import clock
from cop.base.action import action, detail
from cop.base.db import db, upsert
from cop.base.errors import Invalid
from cop.base.words import _
from cop.people.models import Person
from cop.programmes.models import Community, Membership, Programme, TeamMember, current


def membership_of(person_id: int, community_id: int) -> Membership | None:
    """The membership that has not ended, whatever its term."""
    return db.session.scalar(select(Membership).where(
        Membership.person_id == person_id, Membership.community_id == community_id, Membership.ended.is_(None)))


def enrol(person: Person, community: Community, role: str, until: date | None = None) -> Membership:
    """Makes `person` take part, in the running unit; who takes part already gets the new role and term."""
    found = membership_of(person.id, community.id)
    if found is None:
        found = Membership(person_id=person.id, community_id=community.id, role=role, until=until)
        db.session.add(found)
    else:
        found.role, found.until, found.warned = role, until, None
    access.forget(person)
    return found


@action("members.change")
def change(person: Person, membership: Membership, *, role: str, until: date | None = None) -> Membership:
    """Gives a member another role, or an expert another term."""
    if membership.role == "moderator" and role != "moderator":
        _not_the_last(membership)
    detail(member=membership.person_id, community=membership.community_id, before=membership.role, role=role)
    membership.role, membership.until, membership.warned = role, until if role == "expert" else None, None
    access.forget(membership.person)
    return membership


@action("members.remove")
def remove(person: Person, membership: Membership) -> Membership:
    """Ends a membership: from this moment the community does not exist for who was in it."""
    if membership.role == "moderator":
        _not_the_last(membership)
    detail(member=membership.person_id, community=membership.community_id, role=membership.role)
    membership.ended = clock.now()
    access.forget(membership.person)
    return membership


def _not_the_last(membership: Membership) -> None:
    """Refuses to leave a community without a moderator; locks the others so that two cannot leave at once."""
    others = list(db.session.scalars(select(Membership.id).where(
        Membership.community_id == membership.community_id, Membership.role == "moderator", current(),
        Membership.id != membership.id).with_for_update()))
    if not others:
        raise Invalid(errors={"role": _("Dit is de laatste moderator. Wijs eerst een andere moderator aan.")})


@action("communities.join")
def join(person: Person, community: Community) -> Membership:
    """Lets an administrator read along; the journal shows it to the circle's moderators."""
    return enrol(person, community, "reader")


@action("team.add")
def team_add(person: Person, programme: Programme, *, member: int) -> Person:
    """Adds somebody to the programme team: moderator in all its communities."""
    joined = _person(member)
    upsert(TeamMember, {"programme_id": programme.id, "person_id": joined.id}, {})
    access.forget(joined)
    detail(member=joined.id)
    return joined


@action("team.remove")
def team_remove(person: Person, programme: Programme, *, member: int) -> Person:
    """Takes somebody off the programme team; the last one stays."""
    left = _person(member)
    count = db.session.scalar(select(func.count()).where(TeamMember.programme_id == programme.id))
    if count == 1:
        raise Invalid(errors={"member": _("Dit is de laatste van het programmateam. Voeg eerst iemand anders toe.")})
    row = db.session.get(TeamMember, (programme.id, left.id))
    if row is None:
        raise Invalid(errors={"member": _("Deze deelnemer hoort niet bij het programmateam.")})
    db.session.delete(row)
    access.forget(left)
    detail(member=left.id)
    return left


def _person(id: int) -> Person:
    found = db.session.get(Person, id)
    if found is None or not found.is_active:
        raise Invalid(errors={"member": _("Kies iemand die een account heeft.")})
    return found


@action("members.warn")
def warn(person: Any, membership: Membership) -> Membership:
    """Notes that an expert was told that the term is ending."""
    membership.warned = clock.now()
    detail(member=membership.person_id, community=membership.community_id)
    return membership


@action("members.expire")
def expire(person: Any, membership: Membership) -> Membership:
    """Ends the membership of an expert whose term is over."""
    db.session.execute(update(Membership).where(Membership.id == membership.id, Membership.ended.is_(None)).values(ended=clock.now()))
    access.forget(membership.person)
    detail(member=membership.person_id, community=membership.community_id)
    return membership
