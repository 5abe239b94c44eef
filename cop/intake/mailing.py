"""The mails of an application: one recipient each, with a link of their own."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from flask import current_app

from cop.base import clock, email
from cop.base.db import db
from cop.intake.models import Application, Contact, ContactKey
from cop.society.credentials import digest

LINK_LASTS = timedelta(days=14)
email.holds_secret(
    *(
        f"intake/{kind}"
        for kind in (
            "contact",
            "deadline",
            "decision",
            "lead",
            "offer",
            "receipt",
            "reminder",
            "resume",
            "reviewer",
            "start",
        )
    )
)


def new_key(contact: Contact, purpose: str, lasts: timedelta) -> tuple[str, str]:
    """Add a key of a contact in the running transaction; return its secret and its code of 6 digits."""
    secret, code = secrets.token_urlsafe(32), f"{secrets.randbelow(10**6):06d}"
    db.session.add(
        ContactKey(
            contact_id=contact.id,
            purpose=purpose,
            key=digest(secret),
            code=digest(f"{contact.id}:{code}"),
            expires=clock.now() + lasts,
        )
    )
    return secret, code


def write(kind: str, application: Application, contact: Contact, **more: Any) -> None:
    """Enqueue a mail to one contact, with a link to the application."""
    secret, code = new_key(contact, "link", LINK_LASTS)
    sent = email.enqueue(
        f"intake/{kind}",
        to=contact.mail,
        name=contact.name,
        application=application,
        call=application.call,
        link=f"{base_url()}{application.call.url}/entry?key={secret}",
        code=code,
        days=LINK_LASTS.days,
        **more,
    )
    contact.email_id = sent.id


def write_all(kind: str, application: Application, **more: Any) -> None:
    """Enqueue a mail to each contact who confirmed the address, one recipient each."""
    for contact in application.contacts:
        if contact.verified and contact.removed is None:
            write(kind, application, contact, **more)


def base_url() -> str:
    """Return the public address of this installation."""
    url: str = current_app.config["COP"].base_url
    return url
