"""What programmes do when something happened: entering accepts invitations, losing access cuts the wire."""

from __future__ import annotations

from datetime import timedelta

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


@after("members.change", "members.remove", "members.expire", "members.revoke", "team.remove")
def cut(told: Told) -> None:
    """Takes the person out of the places that are closed to them now."""
    person = db.session.get(Person, told.details["member"])
    if person is not None:
        access.forget(person)
        live.recheck(person)


@after("members.invite", "members.resend")
def send(told: Told) -> None:
    """Wakes the worker: the invitation goes at once."""
    jobs.wake()


@jobs.job("terms.end")
def end_terms() -> None:
    """Ends the terms of experts that are over and warns those whose term ends within two weeks."""
    today = clock.local(clock.now()).date()
    running = select(Membership).where(Membership.ended.is_(None), Membership.until.is_not(None))
    for membership in db.session.scalars(running.where(Membership.until < today)).all():
        actions.expire(access.SYSTEM, membership)
    for membership in db.session.scalars(running.where(Membership.warned.is_(None), Membership.until <= today + WARNING)).all():
        actions.warn(access.SYSTEM, membership)


@on("members.warn")
def warn(told: Told) -> None:
    """Mails the expert that the term is ending."""
    person = db.session.get(Person, told.thing.person_id)
    community = db.session.get(Community, told.thing.community_id)
    if person is not None and person.is_active:
        mail.post("programmes/term", to=person.mail, name=person.name, language=person.language, person_id=person.id,
                  community=community, until=told.thing.until)


jobs.every("terms.end", lambda now: now + timedelta(hours=6))
