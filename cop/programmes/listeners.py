"""What programmes do when something happened: entering accepts invitations, losing access cuts the wire."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from cop import access
from cop.base import clock, jobs, live, mail
from cop.base.action import Told, after, on
from cop.base.db import db
from cop.people.models import Person
from cop.programmes import actions
from cop.programmes.models import Community, Membership

WARNING = timedelta(days=14)  # before the last day of an expert's term


@on("people.enter")
def entered(told: Told) -> None:
    """Whoever entered has accepted every open invitation."""
    actions.accept(told.thing)


@on("members.remove", "members.expire")
def left(told: Told) -> None:
    """Who was taken out before coming in cannot come in by the invitation either."""
    actions.withdraw(told.details["member"], told.thing.community_id)


@after("members.change", "members.remove", "members.expire", "members.revoke", "team.remove")
def cut(told: Told) -> None:
    """Takes the person out of the places that are closed to them now."""
    person = db.session.get(Person, told.details["member"])
    if person is not None:
        access.forget(person)
        live.recheck(person.id)


@jobs.job("terms.end")
def end_terms() -> None:
    """Ends the terms of experts that are over and warns those whose term ends within two weeks."""
    today = clock.local(clock.now()).date()
    running = select(Membership).where(Membership.ended.is_(None), Membership.until.is_not(None))
    for membership in db.session.scalars(running.where(Membership.until < today)).all():
        actions.expire(access.SYSTEM, membership)
    soon = running.where(Membership.warned.is_(None), Membership.until <= today + WARNING)
    for membership in db.session.scalars(soon).all():
        actions.warn(access.SYSTEM, membership)


@on("members.warn")
def warn(told: Told) -> None:
    """Mails the expert that the term is ending."""
    person = db.session.get(Person, told.thing.person_id)
    community = db.session.get(Community, told.thing.community_id)
    if person is not None and person.is_active:
        mail.post(
            "programmes/term",
            to=person.mail,
            name=person.name,
            language=person.language,
            person_id=person.id,
            community=community,
            until=told.thing.until,
        )


def next_midnight(now: datetime) -> datetime:
    """When a day begins in Amsterdam: a term ends with its last day, and who is still connected is cut off then."""
    tomorrow = clock.local(now).date() + timedelta(days=1)
    return datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=clock.AMSTERDAM)
