"""Verbs of the access review: confirming what people may do, taking that back, and ending what a guest may see."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select

from cop import access
from cop.access_review.models import AccessConfirmation, AccessReview, guests_in, last_review, people_with_access
from cop.base import clock
from cop.base.action import UNDO_WITHIN, action, detail
from cop.base.db import db, upsert
from cop.base.errors import Invalid, NotFound
from cop.base.words import _
from cop.society.audience import Guest
from cop.society.events import MembershipChanged
from cop.society.people import Person
from cop.society.programmes import Programme


@action("access_review.confirm")
def confirm(person: Person, programme: Programme, *, people: Sequence[int] = (), everybody: bool = False) -> Programme:
    """Confirm what people may do in a programme. The review is finished once everybody is confirmed since the last one.

    Raise Invalid for nobody, and for somebody who may do nothing there.
    """
    listed = people_with_access(programme)
    chosen = {one.id for one in listed} if everybody else set(people)
    if not chosen or chosen - {one.id for one in listed}:
        raise Invalid(errors={"people": _("Kies mensen uit de lijst.")})
    now, last = clock.now(), last_review(programme.id)
    for id in sorted(chosen):
        upsert(AccessConfirmation, {"programme_id": programme.id, "person_id": id}, {"by_id": person.id, "at": now})
    confirmed = chosen | {one.id for one in listed if one.confirmed and (last is None or one.confirmed > last.made)}
    finished = len(confirmed) == len(listed)
    if finished:
        db.session.add(AccessReview(programme_id=programme.id, by_id=person.id, made=now))
    detail(people=sorted(chosen), finished=int(finished))
    return programme


@action("access_review.withdraw")
def withdraw(person: Person, programme: Programme, *, member: int) -> Programme:
    """Take the confirmation of what a person may do back."""
    here = (AccessConfirmation.programme_id == programme.id) & (AccessConfirmation.person_id == member)
    db.session.execute(delete(AccessConfirmation).where(here))
    detail(member=member)
    return programme


@action("access_review.end_guest", event=MembershipChanged)
def end_guest(person: Person, programme: Programme, *, guest: int) -> Guest:
    """End what a guest may see before the last day; access ends at once."""
    found = _guest(programme, guest)
    if found.ended is None:
        found.ended = clock.now()
    access.drop_cached_rights(db.session.get_one(Person, found.person_id))
    detail(member=found.person_id, guest=found.id, target=found.thing_id)
    return found


@action("access_review.restore_guest", event=MembershipChanged)
def restore_guest(person: Person, programme: Programme, *, guest: int) -> Guest:
    """Undo the end of what a guest may see, within a day. Raise Invalid when it cannot be undone any more."""
    found = _guest(programme, guest)
    again = select(Guest.id).where(
        Guest.person_id == found.person_id, Guest.thing_id == found.thing_id, Guest.ended.is_(None)
    )
    if found.ended is None or db.session.scalar(again) is not None:
        raise Invalid(errors={"guest": _("Deze gast kan dit al zien.")})
    over = found.until is not None and found.until < clock.today()
    if over or found.ended < clock.now() - UNDO_WITHIN:
        raise Invalid(errors={"guest": _("Dit kan niet meer ongedaan worden gemaakt.")})
    found.ended = None
    access.drop_cached_rights(db.session.get_one(Person, found.person_id))
    detail(member=found.person_id, guest=found.id, target=found.thing_id)
    return found


def _guest(programme: Programme, id: int) -> Guest:
    """Return the guest with this id of a thing in the programme, current or ended, else raise NotFound."""
    found: Guest | None = db.session.scalar(guests_in(programme.id, select(Guest)).where(Guest.id == id))
    if found is None:
        raise NotFound
    return found
