"""Verbs of memberships: role, term, and the end."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select, update

from cop import access
from cop.base import clock
from cop.base.action import action, detail
from cop.base.db import db
from cop.base.errors import Invalid
from cop.base.words import _
from cop.society.events import MembershipChanged
from cop.society.memberships import Membership, current
from cop.society.people import Person


def term(role: str, until: date | None) -> date | None:
    """Return the last day that goes with a role: required for an expert, None for everybody else.

    Raise Invalid when an expert's day is missing or over.
    """
    if role != "expert":
        return None
    if until is None:
        raise Invalid(errors={"until": _("Geef aan tot en met welke dag deze expert meedoet.")})
    if until < clock.local(clock.now()).date():
        raise Invalid(errors={"until": _("Deze dag is al voorbij. Kies een latere dag.")})
    return until


@action("members.change", event=MembershipChanged)
def change(person: Person, membership: Membership, *, role: str, until: date | None = None) -> Membership:
    """Give a member another role, or an expert another term. Raise Invalid for the last moderator."""
    last_day = term(role, until)
    if membership.role == "moderator" and role != "moderator":
        _refuse_last_moderator(membership)
    detail(member=membership.person_id, community=membership.community_id, before=membership.role, role=role)
    membership.role, membership.until, membership.warned = role, last_day, None
    access.drop_cached_rights(membership.person)
    return membership


@action("members.remove", event=MembershipChanged)
def remove(person: Person, membership: Membership) -> Membership:
    """End a membership; access ends at once. Raise Invalid for the last moderator."""
    if membership.role == "moderator":
        _refuse_last_moderator(membership)
    detail(member=membership.person_id, community=membership.community_id, role=membership.role)
    membership.ended = clock.now()
    access.drop_cached_rights(membership.person)
    return membership


def _refuse_last_moderator(membership: Membership) -> None:
    """Raise Invalid when no other active moderator would remain.

    Locks all moderators in one order, so that of two who leave at once the second sees that the first has gone.
    """
    moderators = list(
        db.session.scalars(
            select(Membership)
            .join(Person, Person.id == Membership.person_id)
            .where(
                Membership.community_id == membership.community_id,
                Membership.role == "moderator",
                current(),
                Person.state == "active",
            )
            .order_by(Membership.id)
            .with_for_update(of=Membership)
        )
    )
    if not any(other.id != membership.id for other in moderators):
        raise Invalid(errors={"role": _("Dit is de laatste moderator. Wijs eerst een andere moderator aan.")})


@action("members.warn")
def warn(person: Person, membership: Membership) -> Membership:
    """Record that an expert was warned that the term is ending."""
    membership.warned = clock.now()
    detail(member=membership.person_id, community=membership.community_id)
    return membership


@action("members.expire", event=MembershipChanged)
def expire(person: Person, membership: Membership) -> Membership:
    """End the membership of an expert whose term is over."""
    db.session.execute(
        update(Membership).where(Membership.id == membership.id, Membership.ended.is_(None)).values(ended=clock.now())
    )
    access.drop_cached_rights(membership.person)
    detail(member=membership.person_id, community=membership.community_id)
    return membership
