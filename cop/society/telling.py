"""Mail to those who got a role in a programme or partnership: what it is, and what to do next."""

from __future__ import annotations

from typing import Any

from cop.base import email
from cop.base.email import Email
from cop.society.credentials import LINK_LASTS, new_link
from cop.society.people import Person


def tell_of_role(mail: str, by: Person, person: Person, next: str, **about: Any) -> Email:
    """Mail a person their new role in the running transaction; those who have not signed in yet get a one-time link.

    mail: its template. next: the path of the page to begin at. about: what the mail names.
    """
    secret, code = ("", "") if person.entered else new_link(person, "invitation", next=next)
    return email.enqueue(
        mail,
        to=person.mail,
        name=person.name,
        language=person.language,
        person_id=person.id,
        secret=secret,
        code=code,
        days=LINK_LASTS["invitation"].days,
        inviter=by.name,
        next=next,
        **about,
    )
