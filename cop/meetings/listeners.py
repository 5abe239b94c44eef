"""Listeners and jobs of meetings: seats of people who leave, meetings whose time is over, and what is erased after."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import or_, select, update

from cop import access
from cop.base import clock, jobs
from cop.base.action import transaction
from cop.base.db import db
from cop.base.events import Event, on
from cop.meetings import actions
from cop.meetings.models import NEEDS_KEPT, OPEN, Invitee, Meeting
from cop.society.events import MembershipChanged, PartnershipChanged, PersonLeft
from cop.society.people import Person


@jobs.job("meetings.hold")
def hold() -> None:
    """Record the meetings whose end is over as held, and erase diets and access needs a month after."""
    over = select(Meeting).where(Meeting.status.in_(OPEN), Meeting.ends <= clock.now()).order_by(Meeting.id)
    for meeting in db.session.scalars(over).all():
        actions.hold(access.SYSTEM, meeting)
    long_over = select(Meeting.id).where(Meeting.ends <= clock.now() - NEEDS_KEPT)
    with transaction():
        db.session.execute(
            update(Invitee)
            .where(Invitee.meeting_id.in_(long_over), or_(Invitee.diet != "", Invitee.access_needs != ""))
            .values(diet="", access_needs="")
            .execution_options(synchronize_session=False)
        )


@on("members.remove", "members.expire", "members.revoke", "team.remove")
def left(event: MembershipChanged) -> None:
    """Free the seats of somebody whose membership ended."""
    _leave([event.member])


@on("partnerships.edit", "partnerships.remove")
def left_partnership(event: PartnershipChanged) -> None:
    """Free the seats of those who were taken out of a partnership."""
    _leave(event.removed)


@on("people.leave")
def left_altogether(event: PersonLeft) -> None:
    """Free the seats of somebody who left."""
    _leave([event.member])


@on("people.deactivate")
def deactivated(event: Event) -> None:
    """Free the seats of a deactivated person."""
    _leave([event.thing.id])


def _leave(people: Iterable[int]) -> None:
    """Take people out of the coming meetings of audiences that they are in no longer, in the running transaction."""
    coming = (
        select(Meeting, Invitee.person_id)
        .join(Invitee, Invitee.meeting_id == Meeting.id)
        .where(Invitee.person_id.in_(list(people)), Meeting.status.in_(OPEN), Meeting.starts > clock.now())
        .order_by(Meeting.id, Invitee.person_id)
    )
    for meeting, id in db.session.execute(coming).all():
        person = db.session.get_one(Person, id)
        access.drop_cached_rights(person)
        if not person.is_active or access.rights(person).role_for(meeting) is None:
            actions.leave_out(meeting, person)
