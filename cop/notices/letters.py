"""The mail that notices send at once: mentions and answers, threaded in the reader's mailbox."""

from __future__ import annotations

from collections.abc import Iterable

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import select, update

from cop.base import clock, jobs, mail, text
from cop.base.action import Told, after
from cop.base.db import db
from cop.notices.models import Notice, choices
from cop.people.models import Person
from cop.programmes.models import Community
from cop.things import Thing
from cop.threads.models import Post


def token(person_id: int, kind: str) -> str:
    """The right to stop mail of one kind, without signing in."""
    return _signer().dumps([person_id, kind])


def read_token(token: str) -> tuple[int, str] | None:
    """(person id, kind) of a token, else None."""
    try:
        person, kind = _signer().loads(token)
        return int(person), str(kind)
    except (BadSignature, ValueError, TypeError):
        return None


def _signer() -> URLSafeSerializer:
    settings = current_app.config["COP"]
    former = [k for k in settings.secret_key_fallbacks.split(",") if k]
    return URLSafeSerializer([*former, settings.secret_key], salt="unsubscribe")


def unsubscribe_headers(person_id: int, kind: str) -> dict[str, str]:
    """List-Unsubscribe as mail programs read it (RFC 8058): one click, no sign-in."""
    address = f"{current_app.config['COP'].base_url}/unsubscribe/{token(person_id, kind)}"
    return {"List-Unsubscribe": f"<{address}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def post(kind: str, people: Iterable[int], place: Thing, thing_id: int) -> None:
    """Puts a mail in the outbox for those of `people` who want `kind` at once, in the running unit."""
    wanted = set(people)
    chosen = choices(wanted, kind) if wanted else {}
    wanted = {p for p in wanted if chosen.get(p, "once") == "once"}
    if not wanted:
        return
    thing = db.session.get(Post, thing_id) or db.session.get(Thing, thing_id)
    author = db.session.get(Person, thing.author_id) if thing and thing.author_id else None
    community = db.session.get(Community, place.community_id)
    first, own = mail.thread_id(place.kind, place.id), mail.thread_id(thing.kind if thing else "thing", thing_id)
    for person in db.session.scalars(select(Person).where(Person.id.in_(wanted), Person.state == "active")):
        mail.post(f"notices/{kind}", to=person.mail, name=person.name, language=person.language, person_id=person.id,
                  headers={**unsubscribe_headers(person.id, kind), "In-Reply-To": first, "References": first,
                           "Message-ID": own.replace("@", f"-{person.id}@")},
                  place=place, thing_id=thing_id, author=author, community=community,
                  excerpt=text.excerpt(getattr(thing, "plain", ""), 300), stop=f"/unsubscribe/{token(person.id, kind)}")
    db.session.execute(update(Notice).where(
        Notice.person_id.in_(wanted), Notice.place_id == place.id, Notice.reason == kind, Notice.read.is_(None)
    ).values(mailed=clock.now()))


@after("threads.start", "threads.reply", "messages.say")
def send(told: Told) -> None:
    """Wakes the worker: a mention and an answer go at once."""
    jobs.wake()
