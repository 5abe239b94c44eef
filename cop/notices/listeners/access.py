"""Access was lost: notices, follows and waiting mail of what is closed now go with it."""

from __future__ import annotations

from sqlalchemy import select, union_all

from cop import access
from cop.base.db import db
from cop.base.events import Event, on
from cop.notices import emails
from cop.notices.notifying import remove_for_audience, remove_for_person
from cop.society.events import MembershipChanged, PartnershipChanged
from cop.society.people import Person
from cop.society.programmes import Community, Partnership


@on("members.remove", "members.expire", "members.revoke")
def left(event: MembershipChanged) -> None:
    """Who no longer takes part is told nothing more of that community, not even what was on its way."""
    community = db.session.get_one(Community, event.thing.community_id)
    _forget(event.member, [community.audience_id, community.programme.audience_id])


@on("team.remove")
def left_team(event: MembershipChanged) -> None:
    """The same, for the programme and every community and partnership in it."""
    here = [select(kind.audience_id).where(kind.programme_id == event.thing.id) for kind in (Community, Partnership)]
    _forget(event.member, [event.thing.audience_id, *db.session.scalars(union_all(*here))])


@on("partnerships.edit")
def left_partnership(event: PartnershipChanged) -> None:
    """Who was taken out of a partnership is told nothing more of it."""
    for person in event.removed:
        _forget(person, [event.thing.audience_id])


def _forget(id: int, audiences: list[int]) -> None:
    """Forgets those audiences in which the person takes part in no other way either."""
    person = db.session.get_one(Person, id)
    access.drop_cached_rights(person)
    for audience in audiences:
        if access.rights(person).role(audience) is None:
            remove_for_audience(id, audience)
            emails.withdraw(person=id, audience=access.audience(access.SYSTEM, audience).list_name)


@on("people.deactivate")
def deactivated(event: Event) -> None:
    """Who was deactivated hears nothing more."""
    remove_for_person(event.thing.id)
    emails.withdraw(person=event.thing.id)
