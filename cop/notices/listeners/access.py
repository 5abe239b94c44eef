"""Lost access: remove the notices, follows and unsent mail about it."""

from __future__ import annotations

from sqlalchemy import select

from cop import access
from cop.base.db import db
from cop.base.events import Event, on
from cop.notices import emails
from cop.notices.notifying import remove_for_community, remove_for_person
from cop.society.events import MembershipChanged
from cop.society.people import Person
from cop.society.programmes import Community


@on("members.remove", "members.expire", "members.revoke")
def left(event: MembershipChanged) -> None:
    """Remove notices, follows and unsent mail about a community the person has left."""
    _remove(event.member, [db.session.get_one(Community, event.thing.community_id)])


@on("team.remove")
def left_team(event: MembershipChanged) -> None:
    """Do the same for every community of the programme."""
    _remove(
        event.member,
        list(db.session.scalars(select(Community).where(Community.programme_id == event.thing.id))),
    )


def _remove(person_id: int, communities: list[Community]) -> None:
    """Remove what concerns those of the communities the person can no longer read."""
    person = db.session.get_one(Person, person_id)
    access.drop_cached_rights(person)
    for community in communities:
        if access.rights(person).role(community.id) is None:
            remove_for_community(person_id, community.id)
            emails.withdraw(person=person_id, community=community.slug)


@on("people.deactivate")
def deactivated(event: Event) -> None:
    """Remove all notices and unsent mail of a deactivated person."""
    remove_for_person(event.thing.id)
    emails.withdraw(person=event.thing.id)
