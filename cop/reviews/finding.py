"""What a reviewer may see: what is assigned to them, unless they have a conflict with it. NotFound is raised for all else."""

from __future__ import annotations

from sqlalchemy import false, or_, select, true

from cop.base.db import db
from cop.base.errors import NotFound
from cop.intake.finding import viewer
from cop.intake.models import Application, Call, Review, Reviewer


def reviewed_call(slug: str) -> Call:
    """Return a call that the viewer reviews."""
    person = viewer()
    query = select(Call).join(Reviewer, Reviewer.call_id == Call.id)
    found = db.session.scalar(query.where(Call.slug == slug, Reviewer.person_id == person.id, Reviewer.ended.is_(None)))
    if found is None:
        raise NotFound
    return found


def own_review(id: int, *, declaring: bool = False) -> Review:
    """Return a review of the viewer's own; one with a conflict only while `declaring`."""
    person = viewer()
    query = (
        select(Review)
        .join(Application, Application.id == Review.application_id)
        .join(Reviewer, (Reviewer.call_id == Application.call_id) & (Reviewer.person_id == Review.person_id))
        .where(
            Review.id == id,
            Review.person_id == person.id,
            Reviewer.ended.is_(None),
            Application.state == "submitted",
            or_(Review.state != "conflict", true() if declaring else false()),
        )
    )
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    return found
