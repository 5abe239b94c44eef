"""Listeners and jobs of meetings: people who come and leave, meetings whose time is over, and what is erased after."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import delete, func, or_, select, update

from cop import access
from cop.base import clock, jobs
from cop.base.action import transaction
from cop.base.db import db
from cop.base.email import Email
from cop.base.events import Event, on
from cop.base.mail_addresses import comparable
from cop.meetings import actions, guests
from cop.meetings.actions.reminding import WEEK, reminder_due
from cop.meetings.actions.seating import NO_LONGER_OFFERED
from cop.meetings.guests import MeetingGuest
from cop.meetings.models import NEEDS_KEPT, OPEN, Invitee, Meeting
from cop.society.events import (
    ApplicationAccepted,
    ApplicationUndone,
    MembershipChanged,
    PartnershipChanged,
    PersonLeft,
)
from cop.society.people import GUEST, Person
from cop.society.programmes import PartnerPerson


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
    _erase_guests()


def _erase_guests() -> None:
    """Erase who the guests of meetings were, a month after; and the mails that told others that they are none any more."""
    left = select(MeetingGuest.meeting_id)
    over = select(Meeting).where(Meeting.id.in_(left), Meeting.ends <= clock.now() - guests.KEPT).order_by(Meeting.id)
    for meeting in db.session.scalars(over).all():
        actions.erase_guests(access.SYSTEM, meeting)
    gone = select(Person.id).where(Person.state == GUEST, Person.id.not_in(select(MeetingGuest.person_id)))
    with transaction():
        told = delete(Email).where(Email.person_id.in_(gone), Email.state != "waiting")
        db.session.execute(told.execution_options(synchronize_session=False))


@jobs.job("meetings.remind")
def remind() -> None:
    """Send the reminders that are due, of each meeting in a transaction of its own."""
    near = clock.now() + timedelta(days=WEEK + 1)
    coming = select(Meeting).where(Meeting.status.in_(OPEN), Meeting.starts > clock.now(), Meeting.starts < near)
    for meeting in db.session.scalars(coming.order_by(Meeting.id)).all():
        if reminder_due(meeting) is not None:
            actions.remind(access.SYSTEM, meeting)


@jobs.job("meetings.offer")
def offer() -> None:
    """Offer or give the seats that are free to those who wait, of each meeting in a transaction of its own."""
    here = Invitee.meeting_id == Meeting.id
    waits, now = Invitee.answer == "waiting", clock.now()
    taken = select(func.count()).where(here, or_(Invitee.answer == "yes", waits & (Invitee.offered_until > now)))
    unasked = select(Invitee.person_id).where(here, waits, Invitee.offered_until.is_(None))
    free = or_(Meeting.capacity.is_(None), Meeting.capacity > taken.scalar_subquery())
    coming = select(Meeting).where(
        Meeting.status.in_(OPEN), Meeting.starts > now + NO_LONGER_OFFERED, unasked.exists(), free
    )
    for meeting in db.session.scalars(coming.order_by(Meeting.id)).all():
        actions.pass_on(access.SYSTEM, meeting)


@on("members.invite", "members.add_partners")
def joined(event: Event) -> None:
    """Invite somebody who became a member to the meetings that are coming."""
    made = event.result if isinstance(event.result, list) else [event.result]
    _join(sorted({invitation.person_id for invitation in made}))


@on("members.restore", "team.add")
def joined_again(event: MembershipChanged) -> None:
    """Invite somebody who came into a community or a team."""
    _join([event.member])


@on("partnerships.add", "partnerships.edit")
def joined_partnership(event: PartnershipChanged) -> None:
    """Invite those who came into a partnership."""
    _join(event.added if event.verb == "partnerships.edit" else [person.id for person in event.result.people])


@on("people.enter", "people.reactivate")
def entered(event: Event) -> None:
    """Invite somebody who can take part from now on."""
    _join([event.thing.id])


@on("communities.join")
def reads_along(event: Event) -> None:
    """Invite an administrator who reads along in a community."""
    _join([event.person.id])


@on("people.leave", "people.hand_over", "people.come_back")
def succeeded(event: PersonLeft) -> None:
    """Invite somebody who came back, or who took over; free the seats of those who take part no longer."""
    both = [id for id in (event.member, event.successor) if id is not None]
    _leave(both)
    _join(both)


@on("applications.accept")
def accepted(event: ApplicationAccepted) -> None:
    """Invite those who took part already and came into the partnership of an accepted application."""
    partners = select(PartnerPerson.person_id).where(PartnerPerson.partnership_id == event.partnership)
    _join(db.session.scalars(partners.order_by(PartnerPerson.person_id)).all())


@on("applications.undo")
def undone(event: ApplicationUndone) -> None:
    """Free the seats of those whose acceptance was taken back."""
    _leave(event.result.people)


def _join(people: Iterable[int]) -> None:
    """Invite people to the coming meetings of their audiences to which they are not invited, in the running transaction."""
    for id in people:
        person = db.session.get(Person, id)
        if person is None or person.state != "active":
            continue
        access.drop_cached_rights(person)
        _admit(person)
        invited = select(Invitee.meeting_id).where(Invitee.person_id == id)
        missing = (
            select(Meeting)
            .where(
                Meeting.status.in_(OPEN),
                Meeting.starts > clock.now(),
                Meeting.audience_id.in_(list(access.rights(person).roles)),
                Meeting.id.not_in(invited),
            )
            .order_by(Meeting.id)
        )
        for meeting in db.session.scalars(missing).all():
            actions.invite(access.SYSTEM, meeting)


def _admit(person: Person) -> None:
    """Let somebody who was a guest at coming meetings of their audiences, with the same address, keep their seats."""
    as_guest = select(MeetingGuest.meeting_id).where(func.lower(MeetingGuest.mail) == comparable(person.mail))
    coming = select(Meeting).where(
        Meeting.id.in_(as_guest),
        Meeting.starts > clock.now(),
        Meeting.audience_id.in_(list(access.rights(person).roles)),
    )
    for meeting in db.session.scalars(coming.order_by(Meeting.id)).all():
        actions.admit_guest(access.SYSTEM, meeting, member=person.id)


@on("people.confirm_mail")
def readdressed(event: Event) -> None:
    """Let the calendars follow when somebody has another mail address; the verb returns the former one."""
    if not event.result:
        return
    coming = (
        select(Meeting, Invitee)
        .join(Invitee, Invitee.meeting_id == Meeting.id)
        .where(Invitee.person_id == event.thing.id, Meeting.status.in_(OPEN), Meeting.starts > clock.now())
        .order_by(Meeting.id)
    )
    for meeting, invitee in db.session.execute(coming).all():
        actions.readdress(meeting, invitee, event.result)


@on("members.remove", "members.expire", "members.revoke", "team.remove")
def left(event: MembershipChanged) -> None:
    """Free the seats of somebody whose membership ended."""
    _leave([event.member])


@on("partnerships.edit", "partnerships.remove")
def left_partnership(event: PartnershipChanged) -> None:
    """Free the seats of those who were taken out of a partnership."""
    _leave(event.removed)


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
            actions.leave_out(access.SYSTEM, meeting, member=person.id)
