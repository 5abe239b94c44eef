"""Who sees what of a call: the lookups that every page, list, export and verb of this feature uses.

A lookup that finds nothing raises NotFound, whatever the reason. Reviewers see what is assigned to them and what they
have no conflict with; a member of the team with a conflict sees neither that application nor the decisions of the call.
"""

from __future__ import annotations

import hmac
from typing import Any

from flask import request
from flask_login import current_user
from sqlalchemy import ColumnElement, false, or_, select, true

from cop import access
from cop.base import clock
from cop.base.db import db
from cop.base.errors import NotFound, SignInNeeded
from cop.base.web import cookie
from cop.intake.models import Application, Call, Contact, ContactKey, Review, Reviewer
from cop.society.credentials import digest
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
    own = select(Review.application_id).where(Review.person_id == person.id, Review.state == "conflict")
    return Application.id.not_in(own)


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


def cookie_name(reference: str) -> str:
    """Return the name of the cookie of a contact, one for each application."""
    return f"cop-application-{reference}"


def contact_of(reference: str) -> tuple[Application, Contact]:
    """Return an application with the contact whose browser asks; raise NotFound for everybody else.

    A removed contact and an erased application are gone at once.
    """
    secret = cookie(cookie_name(reference))
    found = contact_by_secret(secret, "session") if secret else None
    if found is None or not hmac.compare_digest(found[0].reference, reference):
        raise NotFound
    return found


def is_contact(reference: str) -> bool:
    """Return whether the browser that asks is that of a contact of the application."""
    try:
        contact_of(reference)
    except NotFound:
        return False
    return True


def contact_by_secret(secret: str, purpose: str) -> tuple[Application, Contact] | None:
    """Return the application and the contact of a secret that is still good."""
    row = db.session.execute(
        select(Application, Contact)
        .join(Contact, Contact.application_id == Application.id)
        .join(ContactKey, ContactKey.contact_id == Contact.id)
        .where(
            ContactKey.key == digest(secret),
            ContactKey.purpose == purpose,
            ContactKey.expires > clock.now(),
            Contact.removed.is_(None),
            Application.state != "erased",
        )
    ).first()
    return (row[0], row[1]) if row else None


def remote_address() -> str:
    """Return the address of the request, to count attempts by."""
    return request.remote_addr or ""
