"""Mail about notices: unsubscribing, threading in mail programs, and withdrawing what has not been sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from flask import current_app
from itsdangerous import BadSignature
from sqlalchemy import delete, func, select

from cop import access
from cop.base import email
from cop.base.db import db, upsert
from cop.base.email import Email
from cop.base.signing import signer
from cop.notices.models import KINDS, NoticeMailed, choices
from cop.notices.overview import WHOLE, beginning
from cop.society.organisations import Organisation
from cop.society.people import Person
from cop.society.programmes import Programme
from cop.things import Body, Thing, kinds

SALT = "unsubscribe"


def token(person_id: int, kind: str) -> str:
    """Return a signed token that allows stopping mail of one kind without signing in."""
    return signer(SALT).dumps([person_id, kind])


def read_token(token: str) -> tuple[int, str] | None:
    """Return (person id, kind) of a token, None when it is not valid."""
    try:
        person, kind = signer(SALT).loads(token)
    except (BadSignature, ValueError, TypeError):
        return None
    return (person, kind) if isinstance(person, int) and kind in KINDS else None


def stop_address(person_id: int, kind: str) -> str:
    """Return the address where one click stops mail of a kind."""
    return f"{current_app.config['COP'].base_url}/unsubscribe/{token(person_id, kind)}"


def list_headers(person_id: int, kind: str, about: str) -> dict[str, str]:
    """Return the headers for sorting (List-Id, RFC 2919) and one-click unsubscribing (RFC 8058)."""
    return {
        "List-Id": list_id(about),
        "List-Unsubscribe": f"<{stop_address(person_id, kind)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def list_id(about: str) -> str:
    """Return the List-Id for an audience (by its `list_name`) or for the daily mail."""
    return f"<{about}.{urlsplit(current_app.config['COP'].base_url).hostname or 'localhost'}>"


def enqueue(kind: str, people: Iterable[int], place: Thing, thing_id: int) -> None:
    """Enqueue a mail to those of `people` who get `kind` at once, in the running transaction."""
    recipients = set(people)
    chosen = choices(recipients, kind) if recipients else {}
    wanted = {person for person in recipients if chosen.get(person, "once") == "once"}
    if not wanted:
        return
    thing, body = db.session.get_one(Thing, thing_id), db.session.get(Body, thing_id)
    audience = access.audience(access.SYSTEM, place.audience_id)
    serial = email.Serial(
        f"notices/{kind}",
        title=place.title,
        url=kinds.url(thing.kind, thing_id),
        community=audience,
        programme=db.session.get(Programme, audience.programme_id),
        author=db.session.get(Person, thing.author_id) if thing.author_id else None,
        organisation=db.session.get(Organisation, thing.organisation_id) if thing.organisation_id else None,
        lines=beginning(body.plain if body else "", WHOLE),
    )
    in_reply_to, message_id = email.thread_id(place.kind, place.id), email.thread_id(thing.kind, thing_id)
    readers = db.session.scalars(select(Person).where(Person.id.in_(wanted), Person.state == "active")).all()
    mails = [
        serial.compose(
            to=person.mail,
            name=person.name,
            language=person.language,
            personal={"stop": stop_address(person.id, kind)},
            person_id=person.id,
            headers={
                **list_headers(person.id, kind, audience.list_name),
                "In-Reply-To": in_reply_to,
                "References": in_reply_to,
                "Message-ID": message_id.replace("@", f"-{person.id}@"),
            },
        )
        for person in readers
    ]
    email.enqueue_all(mails)
    for person in readers:
        upsert(NoticeMailed, {"person_id": person.id, "thing_id": thing_id}, {})


def withdraw(
    *, person: int | None = None, audience: str | None = None, place: Thing | None = None, thing: Thing | None = None
) -> None:
    """Delete unsent mail that matches everything given, in the running transaction.

    `person` is its recipient, `audience` its `list_name` (the daily mail covers every audience, so it goes too), `place` the
    place
    it is about, `thing` the post or message.
    """
    waiting = select(Email).where(Email.state != "sent", Email.kind.startswith("notices/"))
    if person is not None:
        waiting = waiting.where(Email.person_id == person)
    wanted: list[Callable[[dict[str, str]], bool]] = []
    if audience is not None:
        lists = (list_id(audience), list_id("digest"))
        wanted.append(lambda headers: headers.get("List-Id") in lists)
    if place is not None:
        in_reply_to = email.thread_id(place.kind, place.id)
        wanted.append(lambda headers: headers.get("In-Reply-To") == in_reply_to)
    if thing is not None:
        message_id = email.thread_id(thing.kind, thing.id).partition("@")[0] + "-"
        wanted.append(lambda headers: headers.get("Message-ID", "").startswith(message_id))
    gone = [email.id for email in db.session.scalars(waiting) if all(holds(email.headers) for holds in wanted)]
    db.session.execute(delete(Email).where(Email.id.in_(gone)))


_ID = re.compile(r"<[a-z]+-(\d+)[-@]")


@email.only_if("notices/")
def still_readable(email: Email) -> bool:
    """Return whether the person may still read what a mail is about when it is sent.

    Access may have ended, or the text been retracted, since it was enqueued.
    """
    person = db.session.get(Person, email.person_id)
    if person is None or person.state != "active":
        return False
    things = {int(id) for name in ("In-Reply-To", "Message-ID") for id in _ID.findall(email.headers.get(name, ""))}
    access.drop_cached_rights(person)
    readable = select(func.count()).where(Thing.id.in_(things), Thing.state == "live", access.visible_to(person, Thing))
    return db.session.scalar(readable) == len(things)
