"""Verbs of credentials: password, mail address, and tokens for the API."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from cop.base import clock, email
from cop.base.action import action, detail
from cop.base.db import db
from cop.base.errors import Gone, Invalid
from cop.base.mail_addresses import checked
from cop.base.words import _
from cop.society.credentials import (
    OneTimeLink,
    Token,
    end_credential,
    end_links,
    end_sessions,
    new_link,
    new_token,
    use_up,
)
from cop.society.people import Person, by_mail

OTHER = {"mail-old": "mail-new", "mail-new": "mail-old"}


@action("people.set_password")
def set_password(person: Person, themselves: Person, *, kept: str | None) -> None:
    """Set the password to the given hash, or remove it (None); end every session."""
    person.password = kept
    end_sessions(person)
    email.enqueue(
        "people/password",
        to=person.mail,
        name=person.name,
        language=person.language,
        person_id=person.id,
        removed=kept is None,
    )
    detail(removed=int(kept is None))


@action("people.change_mail")
def change_mail(person: Person, themselves: Person, *, address: str) -> None:
    """Ask for confirmation at the old and the new address; nothing changes until both confirm.

    Raise Invalid when the address is none, the person's own or taken.
    """
    address = checked(address)
    if address.lower() == person.mail.lower():
        raise Invalid(errors={"mail": _("Dit is al uw mailadres.")})
    _refuse_taken(address)
    end_links(person, *OTHER)
    for purpose, to in (("mail-old", person.mail), ("mail-new", address)):
        secret, _code = new_link(person, purpose, address=address)
        email.enqueue(
            f"people/{purpose.replace('-', '_')}",
            to=to,
            name=person.name,
            language=person.language,
            person_id=person.id,
            secret=secret,
            address=address,
        )


@action("people.confirm_mail")
def confirm_mail(system: Person, person: Person, *, link: OneTimeLink) -> str:
    """Confirm a change at one address; return the former one when it was carried out, since the other had confirmed too.

    Raise Gone when the link was used or has expired.
    """
    if not use_up(link):
        raise Gone(_("Deze link is al gebruikt of verlopen. Vraag de wijziging opnieuw aan bij uw instellingen."))
    db.session.execute(
        select(Person.id).where(Person.id == person.id).with_for_update()
    )  # serialises both confirmations
    other = db.session.scalar(
        select(OneTimeLink.used).where(
            OneTimeLink.person_id == person.id,
            OneTimeLink.purpose == OTHER[link.purpose],
            OneTimeLink.address == link.address,
            OneTimeLink.expires > clock.now(),
        )
    )
    detail(person=person.id, at=link.purpose, done=int(other is not None))
    if other is None:
        return ""
    _refuse_taken(link.address)
    former, person.mail = person.mail, link.address
    end_links(person)
    end_sessions(person)
    return former


def _refuse_taken(address: str) -> None:
    """Raise Invalid when another person has this address."""
    if by_mail(address) is not None:
        raise Invalid(errors={"mail": _("Dit mailadres is al in gebruik. Kies een ander of neem contact op.")})


@action("tokens.make")
def make_token(person: Person, owner: Person, *, label: str = "", days: int | None = None) -> tuple[Token, str]:
    """Create an API token for a person and return it with its secret, which is shown once."""
    secret = new_token(owner, label, timedelta(days=days) if days else None)
    db.session.flush()
    newest = select(Token).where(Token.person_id == owner.id).order_by(Token.id.desc()).limit(1)
    token = db.session.scalars(newest).one()
    detail(token=token.id)
    return token, secret


@action("tokens.revoke")
def revoke_token(person: Person, token: Token) -> None:
    """End an API token."""
    detail(token=token.id)
    end_credential(-token.id)
