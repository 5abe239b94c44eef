"""Access was lost: notices, follows and waiting mail of what is closed now go with it."""

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
    """Who no longer takes part is told nothing more of that community, not even what was on its way."""
    _forget(event.member, [db.session.get_one(Community, event.thing.community_id)])


@on("team.remove")
def left_team(event: MembershipChanged) -> None:
    """The same, for every community of the programme."""
    _forget(
        event.member,
        list(db.session.scalars(select(Community).where(Community.programme_id == event.thing.id))),
    )


def _forget(id: int, communities: list[Community]) -> None:
    """Forgets those communities in which the person takes part in no other way either."""
    person = db.session.get_one(Person, id)
    access.drop_cached_rights(person)
    for community in communities:
        if access.rights(person).role(community.id) is None:
            remove_for_community(id, community.id)
            emails.withdraw(person=id, community=community.slug)


@on("people.deactivate")
def deactivated(event: Event) -> None:
    """Who was deactivated hears nothing more."""
    remove_for_person(event.thing.id)
    emails.withdraw(person=event.thing.id)
