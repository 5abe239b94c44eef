"""Coming in by a link, a code or a password, and going out again."""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy import delete

from cop.access import SYSTEM
from cop.base import email, jobs
from cop.base.action import action, detail, transaction
from cop.base.db import db
from cop.base.errors import Gone
from cop.base.words import _
from cop.society.credentials import LINK_LASTS, OneTimeLink, Session, Token, end_sessions, new_link, new_session, use_up
from cop.society.events import SignedOut
from cop.society.people import Person

Way = Literal["link", "code", "password", "demo"]


@action("people.link")
def link(system: Any, person: Person, *, next: str = "/") -> None:
    """Mails a person a one-time link and a code by which they sign in."""
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
    """Mails the link that was asked for; nobody is called 0, and whoever was deactivated gets nothing.

    The door leaves this to a job for every address alike, so that the time it takes tells nobody who takes part.
    """
    with transaction():
        person = db.session.get(Person, person_id)
        if person is not None and person.is_active:
            link(SYSTEM, person, next=next)


@action("people.sign_in")
def sign_in(
    system: Any,
    person: Person,
    *,
    by: Way,
    link: OneTimeLink | None = None,
    agent: str = "",
    instead_of: int | None = None,
) -> str:
    """Opens a session and gives the secret for its cookie; uses up `link`, and ends session `instead_of`.

    Whoever was invited takes part from now on: the link came to their own mail address.
    """
    if not person.is_active:
        raise Gone(_("Dit account is afgesloten. Neem contact op met de beheerder."))
    if link is not None:
        if not use_up(link):
            raise Gone(_("Deze link is al gebruikt. Vraag een nieuwe aan."))
        detail(purpose=link.purpose)
    if instead_of is not None:
        db.session.execute(delete(Session).where(Session.id == instead_of))
    first = person.state == "invited"
    person.state = "active"
    detail(person=person.id, by=by, first=int(first))
    return new_session(person, agent)


@action("people.sign_out", event=SignedOut)
def sign_out(person: Person, themselves: Person, *, session: int) -> None:
    """Ends one session of a person, or (a negative number) the API token with which they came."""
    kind, id = (Session, session) if session > 0 else (Token, -session)
    db.session.execute(delete(kind).where(kind.id == id, kind.person_id == person.id))
    detail(session=session)


@action("people.sign_out_everywhere")
def sign_out_everywhere(person: Person, themselves: Person) -> None:
    """Ends every session and every API token of a person."""
    end_sessions(person)
