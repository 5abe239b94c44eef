"""Verbs of guest experts: invite somebody to a single thread until a last day, extend that and end it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from cop import access
from cop.access.choosing import person_at
from cop.base import clock
from cop.base.action import action, detail
from cop.base.db import db
from cop.base.errors import Invalid, NotFound
from cop.base.words import _
from cop.experts.mailing import write_to_guest
from cop.members.actions.inviting import affiliate
from cop.society.audience import Guest
from cop.society.events import MembershipChanged
from cop.society.people import Person
from cop.threads.models import Thread


@action("experts.invite_guest", event=MembershipChanged)
def invite_guest(
    person: Person, thread: Thread, *, mail: str, until: date, name: str = "", organisation: int | None = None
) -> Guest:
    """Invite somebody as an expert to a single thread, until a last day, by a mail.

    Raise Invalid for somebody who reads the thread already, a closed account, or a day that is over.
    """
    _check_day(until)
    invited = person_at(mail, name)
    access.drop_cached_rights(invited)
    if access.rights(invited).role_for(thread) is not None:
        raise Invalid(errors={"mail": _("Deze persoon leest dit gesprek al.")})
    if organisation is not None and invited.organisation_id is None:
        affiliate(person, invited, organisation)
    db.session.flush()
    _end_over(invited.id, thread.id)
    guest = Guest(person_id=invited.id, thing_id=thread.id, role="expert", until=until, invited_by_id=person.id)
    db.session.add(guest)
    db.session.flush()
    access.drop_cached_rights(invited)
    write_to_guest(person, invited, thread, until)
    detail(member=invited.id, guest=guest.id)
    return guest


def _end_over(person_id: int, thread_id: int) -> None:
    """End an earlier invitation whose last day is over, which the nightly job has not seen yet."""
    same = select(Guest).where(Guest.person_id == person_id, Guest.thing_id == thread_id, Guest.ended.is_(None))
    for guest in db.session.scalars(same).all():
        guest.ended = clock.now()
    db.session.flush()


@action("experts.extend_guest", event=MembershipChanged)
def extend_guest(person: Person, thread: Thread, *, guest: int, until: date) -> Guest:
    """Give a guest of a thread another last day."""
    found = find_guest(thread, guest)
    _check_day(until)
    found.until = until
    detail(member=found.person_id, guest=found.id)
    return found


@action("experts.end_guest", event=MembershipChanged)
def end_guest(person: Person, thread: Thread, *, guest: int) -> Guest:
    """End what a guest of a thread may see before the last day; access ends at once."""
    found = find_guest(thread, guest)
    found.ended = clock.now()
    ended = db.session.get_one(Person, found.person_id)
    access.drop_cached_rights(ended)
    detail(member=found.person_id, guest=found.id)
    return found


def find_guest(thread: Thread, id: int) -> Guest:
    """Return a guest of a thread whose invitation has not ended; raise NotFound for any other."""
    found = db.session.get(Guest, id)
    if found is None or found.thing_id != thread.id or found.ended is not None:
        raise NotFound
    return found


def _check_day(until: date) -> None:
    if until < clock.today():
        raise Invalid(errors={"until": _("Deze dag is al voorbij. Kies een latere dag.")})
