"""The mail that notices send: how it can be stopped, how mail programs thread it, and taking it back in time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import delete, func, select

from cop import access
from cop.base import email, text
from cop.base.db import db, upsert
from cop.base.email import Email
from cop.notices.models import KINDS, NoticeMailed, choices
from cop.society.organisations import Organisation
from cop.society.people import Person
from cop.things import Body, Thing, kinds

QUOTED = 300  # characters of what was written, in a mail of its own


def token(person_id: int, kind: str) -> str:
    """The right to stop mail of one kind, without signing in."""
    return _signer().dumps([person_id, kind])


def read_token(token: str) -> tuple[int, str] | None:
    """(person id, kind) of a token, else None."""
    try:
        person, kind = _signer().loads(token)
    except (BadSignature, ValueError, TypeError):
        return None
    return (person, kind) if isinstance(person, int) and kind in KINDS else None


def _signer() -> URLSafeSerializer:
    settings = current_app.config["COP"]
    former = [k for k in settings.secret_key_fallbacks.split(",") if k]
    return URLSafeSerializer([*former, settings.secret_key], salt="unsubscribe")


def stop_address(person_id: int, kind: str) -> str:
    """Where one click stops mail of a kind."""
    return f"{current_app.config['COP'].base_url}/unsubscribe/{token(person_id, kind)}"


def list_headers(person_id: int, kind: str, about: str) -> dict[str, str]:
    """What mail programs sort by (List-Id, RFC 2919) and how they stop it: one click, no sign-in (RFC 8058)."""
    return {
        "List-Id": list_id(about),
        "List-Unsubscribe": f"<{stop_address(person_id, kind)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def list_id(about: str) -> str:
    """The List-Id of the mail of an audience, by its `list_name`, or of the daily mail."""
    return f"<{about}.{urlsplit(current_app.config['COP'].base_url).hostname or 'localhost'}>"


def enqueue(kind: str, people: Iterable[int], place: Thing, thing_id: int) -> None:
    """Puts a mail in the outbox for those of `people` who want `kind` at once, in the running unit."""
    asked = set(people)
    chosen = choices(asked, kind) if asked else {}
    wanted = {person for person in asked if chosen.get(person, "once") == "once"}
    if not wanted:
        return
    thing, body = db.session.get_one(Thing, thing_id), db.session.get(Body, thing_id)
    audience = access.audience(access.SYSTEM, place.audience_id)
    said = {
        "title": place.title,
        "url": kinds.url(thing.kind, thing_id),
        "community": audience,
        "author": db.session.get(Person, thing.author_id) if thing.author_id else None,
        "organisation": db.session.get(Organisation, thing.organisation_id) if thing.organisation_id else None,
        "excerpt": text.excerpt(body.plain if body else "", QUOTED),
    }
    first, own = email.thread_id(place.kind, place.id), email.thread_id(thing.kind, thing_id)
    for person in db.session.scalars(select(Person).where(Person.id.in_(wanted), Person.state == "active")).all():
        email.enqueue(
            f"notices/{kind}",
            to=person.mail,
            name=person.name,
            language=person.language,
            person_id=person.id,
            headers={
                **list_headers(person.id, kind, audience.list_name),
                "In-Reply-To": first,
                "References": first,
                "Message-ID": own.replace("@", f"-{person.id}@"),
            },
            stop=stop_address(person.id, kind),
            **said,
        )
        upsert(NoticeMailed, {"person_id": person.id, "thing_id": thing_id}, {})


def withdraw(
    *, person: int | None = None, audience: str | None = None, place: Thing | None = None, thing: Thing | None = None
) -> None:
    """Takes back mail that has not gone and is all that is named, in the running unit: to a person, about an audience
    (by its `list_name`; the daily mail tells of all of them and goes too), from a place, of one post or message."""
    waiting = select(Email).where(Email.state != "sent", Email.kind.startswith("notices/"))
    if person is not None:
        waiting = waiting.where(Email.person_id == person)
    wanted: list[Callable[[dict[str, str]], bool]] = []
    if audience is not None:
        lists = (list_id(audience), list_id("digest"))
        wanted.append(lambda headers: headers.get("List-Id") in lists)
    if place is not None:
        first = email.thread_id(place.kind, place.id)
        wanted.append(lambda headers: headers.get("In-Reply-To") == first)
    if thing is not None:
        own = email.thread_id(thing.kind, thing.id).partition("@")[0] + "-"
        wanted.append(lambda headers: headers.get("Message-ID", "").startswith(own))
    gone = [email.id for email in db.session.scalars(waiting) if all(holds(email.headers) for holds in wanted)]
    db.session.execute(delete(Email).where(Email.id.in_(gone)))


_ID = re.compile(r"<[a-z]+-(\d+)[-@]")


@email.only_if("notices/")
def still_theirs(email: Email) -> bool:
    """Whether the person may read what a mail tells of when it goes: between writing and sending, access may have
    been lost and a text taken back, on whatever road."""
    person = db.session.get(Person, email.person_id)
    if person is None or person.state != "active":
        return False
    told = {int(id) for name in ("In-Reply-To", "Message-ID") for id in _ID.findall(email.headers.get(name, ""))}
    access.drop_cached_rights(person)
    seen = select(func.count()).where(Thing.id.in_(told), Thing.state == "live", access.visible_to(person, Thing))
    return db.session.scalar(seen) == len(told)
