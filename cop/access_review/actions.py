"""Verbs of the access review: confirming what people may do, and taking that back."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete

from cop.access_review.models import AccessConfirmation, AccessReview, last_review, people_with_access
from cop.base import clock
from cop.base.action import action, detail
from cop.base.db import db, upsert
from cop.base.errors import Invalid
from cop.base.words import _
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
