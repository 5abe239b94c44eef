"""Verbs of signing in by link, code or password, and of signing out."""

from __future__ import annotations

from typing import Literal

from cop.access import SYSTEM
from cop.base import clock, email, jobs
from cop.base.action import action, detail, transaction
from cop.base.db import db
from cop.base.errors import Gone
from cop.base.words import _
from cop.society.credentials import (
    LINK_LASTS,
    OneTimeLink,
    end_credential,
    end_sessions,
    new_link,
    new_session,
    use_up,
)
from cop.society.people import Person

SignInMethod = Literal["link", "code", "password", "demo"]


@action("people.link")
def link(system: Person, person: Person, *, next: str = "/") -> None:
    """Mail a person a one-time link and a code to sign in with."""
    secret, code = new_link(person, "sign-in", next=next)
    email.enqueue(
        "people/link",
        to=person.mail,
        name=person.name,
        language=person.language,
        person_id=person.id,
        secret=secret,
        code=code,
        minutes=int(LINK_LASTS["sign-in"].total_seconds() // 60),
    )


@jobs.job("people.link")
def mail_link(person_id: int, next: str) -> None:
    """Mail the requested link, unless no active person has this id (0 for an unknown address).

    The endpoint leaves this to a job for every address alike, so that its response time does not reveal who takes part.
    """
    with transaction():
        person = db.session.get(Person, person_id)
        if person is not None and person.is_active:
            link(SYSTEM, person, next=next)


@action("people.sign_in")
def sign_in(
    system: Person,
    person: Person,
    *,
    by: SignInMethod,
    link: OneTimeLink | None = None,
    agent: str = "",
    instead_of: int | None = None,
) -> str:
    """Create a session and return the secret for its cookie; use up `link` and end the session `instead_of`.

    An invited person becomes active: the link reached their own mail address. Raise Gone when the account is closed or
    the link was used.
    """
    if not person.is_active:
        raise Gone(_("Dit account is afgesloten. Neem contact op met de beheerder."))
    if link is not None:
        if not use_up(link):
            raise Gone(_("Deze link is al gebruikt. Vraag een nieuwe aan."))
        detail(purpose=link.purpose)
    if instead_of is not None:
        end_credential(instead_of)
    first = person.state == "invited"
    person.state = "active"
    if person.seen != (month := clock.today().replace(day=1)):  # once a month: a changed person renews the cache token
        person.seen = month
    detail(person=person.id, by=by, first=int(first))
    return new_session(person, agent)


@action("people.sign_out")
def sign_out(person: Person, themselves: Person, *, session: int) -> None:
    """End one session of a person, or (a negative number) the API token of the request."""
    end_credential(session, person)
    detail(session=session)


@action("people.sign_out_everywhere")
def sign_out_everywhere(person: Person, themselves: Person) -> None:
    """End every session and every API token of a person."""
    end_sessions(person)
