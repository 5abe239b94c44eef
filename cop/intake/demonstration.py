"""Applicants of the demonstration: they have no account, so the cast page offers the link that resumes their application."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import select

from cop.base import clock
from cop.base.db import db
from cop.intake.models import Application, Call, Contact, ContactKey
from cop.society.credentials import digest

LASTS = timedelta(days=3650)


class Applicant(NamedTuple):
    """A contact of an application, with the link that resumes it."""

    name: str
    organisation: str
    call: str
    url: str


def _secret(contact_id: int) -> str:
    """Return the secret of a link that everybody may use who can open the demonstration."""
    return f"demonstration-{contact_id}"


def offer(contact: Contact) -> None:
    """Offer the link of a contact on the cast page; only called when the demonstration is made."""
    key = digest(_secret(contact.id))
    db.session.add(ContactKey(contact_id=contact.id, purpose="link", key=key, code="", expires=clock.now() + LASTS))


def applicants() -> list[Applicant]:
    """Return the applicants whose link is offered."""
    rows = db.session.execute(
        select(Contact.id, Contact.name, Contact.organisation, Call.title, Call.slug, ContactKey.key)
        .join(Application, Application.id == Contact.application_id)
        .join(Call, Call.id == Application.call_id)
        .join(ContactKey, ContactKey.contact_id == Contact.id)
        .where(ContactKey.purpose == "link", Contact.removed.is_(None), Application.state != "erased")
        .order_by(Contact.id)
    )
    return [
        Applicant(row.name, row.organisation, row.title, f"/calls/{row.slug}/entry?key={_secret(row.id)}")
        for row in rows
        if row.key == digest(_secret(row.id))
    ]
