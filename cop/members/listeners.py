"""Listeners of members: accept and withdraw invitations, disconnect lost access, end terms, invite accepted applicants."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, timedelta

from sqlalchemy import select, update

from cop import access
from cop.base import clock, email, jobs, live
from cop.base.action import transaction
from cop.base.db import db
from cop.base.events import Event, after, on
from cop.members import actions, silent
from cop.society.audience import Guest
from cop.society.events import ApplicationAccepted, ApplicationUndone, MembershipChanged, PersonLeft
from cop.society.memberships import Membership
from cop.society.people import Person
from cop.society.programmes import Community

assert silent  # imported to register its queue of the desk
WARNING = timedelta(days=14)  # before the last day of an expert's term


@on("people.enter")
def entered(event: Event) -> None:
    """Accept a person's pending invitations when they complete the first-entry page."""
    actions.accept(event.thing)


@on("members.remove", "members.expire")
def left(event: MembershipChanged) -> None:
    """Withdraw the pending invitations of a removed member, so that the link no longer leads in."""
    actions.withdraw(event.member, event.thing.community_id)


@on("people.leave")
def left_altogether(event: PersonLeft) -> None:
    """Withdraw the pending invitations of somebody who left."""
    for community in event.communities:
        actions.withdraw(event.member, community)


@after(
    "members.change",
    "members.remove",
    "members.expire",
    "members.revoke",
    "team.remove",
    "access_review.end_guest",
    "experts.end_guest",
)
def recheck_places(event: MembershipChanged) -> None:
    """Remove the person from the live places they may no longer join."""
    person = db.session.get(Person, event.member)
    if person is not None:
        access.drop_cached_rights(person)
        live.recheck_person(person.id)


@jobs.job("terms.end")
def end_terms() -> None:
    """End expired terms of experts and warn those whose term ends within two weeks."""
    today = clock.local(clock.now()).date()
    running = select(Membership).where(Membership.ended.is_(None), Membership.until.is_not(None))
    for membership in db.session.scalars(running.where(Membership.until < today)).all():
        actions.expire(access.SYSTEM, membership)
    soon = running.where(Membership.warned.is_(None), Membership.until <= today + WARNING)
    for membership in db.session.scalars(soon).all():
        actions.warn(access.SYSTEM, membership)
    _end_guests(today)


def _end_guests(today: date) -> None:
    """End the invitations to single things whose last day is over; take those guests out of the live places."""
    over = update(Guest).where(Guest.ended.is_(None), Guest.until < today).values(ended=clock.now())
    with transaction():
        guests = set(db.session.scalars(over.returning(Guest.person_id)))
    for person in guests:
        live.recheck_person(person)


@on("members.warn")
def warn(event: Event) -> None:
    """Mail the expert that the term is ending."""
    person = db.session.get(Person, event.thing.person_id)
    community = db.session.get(Community, event.thing.community_id)
    if person is not None and person.is_active:
        email.enqueue(
            "members/term",
            to=person.mail,
            name=person.name,
            language=person.language,
            person_id=person.id,
            community=community,
            until=event.thing.until,
        )


def next_midnight(now: datetime) -> datetime:
    """Return the next midnight in Amsterdam, when terms end; open sockets are disconnected then."""
    tomorrow = clock.local(now).date() + timedelta(days=1)
    return datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=clock.AMSTERDAM)


@on("applications.accept")
def invite_applicants(event: ApplicationAccepted) -> None:
    """Invite the people of an accepted application to their partnership and its communities."""
    places = [db.session.get_one(Community, id) for id in event.communities]
    for mail, name, organisation in event.people:
        with suppress(actions.AlreadyMember):  # in all of them: they still became one of the partnership
            actions.invite(
                event.person,
                places[0],
                mail=mail,
                name=name,
                organisation=organisation,
                communities=[place.slug for place in places],
                partnership=event.partnership,
            )


@on("applications.undo")
def withdraw_applicants(event: ApplicationUndone) -> None:
    """Take back the invitations and memberships that an acceptance made, and the accounts that only it made."""
    actions.take_back(event.result)


@after("applications.undo")
def cut_applicants(event: ApplicationUndone) -> None:
    """Remove those whose acceptance was taken back from the live places they may no longer join."""
    for person in event.result.people:
        live.recheck_person(person)
