"""Lost access: remove the notices, follows and unsent mail about it."""

from __future__ import annotations

from sqlalchemy import delete, select, union_all

from cop import access
from cop.base.db import db
from cop.base.events import Event, on
from cop.notices import emails
from cop.notices.models import AudienceFollow, Notice
from cop.notices.notifying import remove_for_audience, remove_for_guest, remove_for_person
from cop.society.events import MembershipChanged, PartnershipChanged
from cop.society.memberships import audiences_of_groups
from cop.society.people import Person
from cop.society.programmes import Community, CommunityGroup, Partnership
from cop.things import Thing
from cop.things.removal import before_removal

_PLACES = (Community, CommunityGroup, Partnership)


@on("members.remove", "members.expire", "members.revoke")
def left(event: MembershipChanged) -> None:
    """Remove notices, follows and unsent mail about a community the person has left."""
    community = db.session.get_one(Community, event.thing.community_id)
    around = [community.programme.audience_id, *audiences_of_groups(community.id)]
    _remove(event.member, [community.audience_id, *around])


@on("team.remove")
def left_team(event: MembershipChanged) -> None:
    """Do the same for the programme and for everything in it that has an audience."""
    here = [select(kind.audience_id).where(kind.programme_id == event.thing.id) for kind in _PLACES]
    _remove(event.member, [event.thing.audience_id, *db.session.scalars(union_all(*here))])


@on("access_review.end_guest", "experts.end_guest")
def no_guest(event: MembershipChanged) -> None:
    """Do the same for a single thing of which somebody is no guest any more."""
    person = db.session.get_one(Person, event.member)
    access.drop_cached_rights(person)
    thing = db.session.get_one(Thing, event.result.thing_id)
    if access.rights(person).role_for(thing) is None:
        remove_for_guest(person.id, thing)
        emails.withdraw(person=person.id, place=thing)


@on("partnerships.edit")
def left_partnership(event: PartnershipChanged) -> None:
    """Do the same for people who were taken out of a partnership, who may take part in the programme by it alone."""
    for person in event.removed:
        _remove(person, [event.thing.audience_id, event.thing.programme.audience_id])


def _remove(person_id: int, audiences: list[int]) -> None:
    """Remove what concerns those of the audiences in which the person no longer takes part."""
    person = db.session.get_one(Person, person_id)
    access.drop_cached_rights(person)
    for audience in audiences:
        if access.rights(person).role(audience) is None:
            remove_for_audience(person_id, audience)
            emails.withdraw(person=person_id, audience=access.audience(access.SYSTEM, audience).list_name)


@on("people.deactivate")
def deactivated(event: Event) -> None:
    """Remove all notices and unsent mail of a deactivated person."""
    remove_for_person(event.thing.id)
    emails.withdraw(person=event.thing.id)


@before_removal
def remove_notices(audience_id: int) -> None:
    """Remove the notices about roles in an audience that is removed, and what people want to hear of it."""
    for table in (Notice, AudienceFollow):
        db.session.execute(delete(table).where(table.audience_id == audience_id))
