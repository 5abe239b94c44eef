"""Which application the browser of a contact may open; what is not found raises NotFound, whatever the reason."""

from __future__ import annotations

import hmac

from flask import request
from sqlalchemy import select

from cop.base import clock
from cop.base.db import db
from cop.base.errors import NotFound
from cop.base.web import cookie
from cop.intake.models import Application, Contact, ContactKey
from cop.society.credentials import digest


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
