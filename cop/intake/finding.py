"""Who sees what of a call: the lookups that every page, list, export and verb of this feature uses.

A lookup that finds nothing raises NotFound, whatever the reason. Reviewers see what is assigned to them and what they
have no conflict with; a member of the team with a conflict sees neither that application nor the decisions of the call.
"""

from __future__ import annotations

from typing import Any

from flask_login import current_user
from sqlalchemy import ColumnElement, select

from cop import access
from cop.base.db import db
from cop.base.errors import NotFound, SignInNeeded
from cop.intake.models import Application, Call, Review
from cop.society.people import Person


def viewer() -> Person:
    """Return the person who is signed in; raise SignInNeeded."""
    if not current_user.is_authenticated:
        raise SignInNeeded()
    found: Person = current_user._get_current_object()
    return found


def leads(person: Any, call: Call) -> bool:
    """Return whether a person is in the team of the call's programme."""
    return bool(getattr(person, "is_authenticated", False)) and access.rights(person).leads(call.programme_id)


def public_call(slug: str) -> Call:
    """Return a call that is published, or that the viewer prepares; raise SignInNeeded or NotFound for another."""
    found = db.session.scalar(select(Call).where(Call.slug == slug))
    if found is None or (found.published is None and not leads(current_user, found)):
        viewer()
        raise NotFound
    return found


def led_call(slug: str) -> Call:
    """Return a call of a programme that the viewer leads."""
    person = viewer()
    found = db.session.scalar(select(Call).where(Call.slug == slug))
    if found is None or not leads(person, found):
        raise NotFound
    return found


def decided_call(slug: str) -> Call:
    """Return a call whose decisions the viewer may see: the team, but for who has a conflict with an application."""
    call = led_call(slug)
    if conflicted(viewer(), call):
        raise NotFound
    return call


def conflicted(person: Person, call: Call) -> bool:
    """Return whether a person has a conflict of interest with an application of this call."""
    query = (
        select(Review.id)
        .join(Application, Application.id == Review.application_id)
        .where(Application.call_id == call.id, Review.person_id == person.id, Review.state == "conflict")
    )
    return db.session.scalar(query.limit(1)) is not None


def without_conflicts(person: Person) -> ColumnElement[bool]:
    """Return the condition that a person has no conflict of interest with an application."""
    review, application = Review.__table__.c, Application.__table__.c
    own = select(review.application_id).where(review.person_id == person.id, review.state == "conflict")
    return application.id.not_in(own)


def led_application(reference: str) -> Application:
    """Return an application to a call that the viewer leads, unless they have a conflict with it."""
    person = viewer()
    query = select(Application).where(Application.reference == reference, without_conflicts(person))
    found = db.session.scalar(query)
    if found is None or not leads(person, found.call):
        raise NotFound
    return found


def decided_application(reference: str) -> Application:
    """Return an application whose decision the viewer may see."""
    found = led_application(reference)
    if conflicted(viewer(), found.call):
        raise NotFound
    return found
