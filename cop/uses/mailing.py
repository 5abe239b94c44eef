"""Mail about uses: once a week to authors, and to whoever used something the question what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cop import access
from cop.base import email
from cop.base.db import db
from cop.base.email import Email
from cop.society.people import Person
from cop.society.programmes import Programme
from cop.things import Thing
from cop.uses.models import ThingUse, UseRow, answer_token, is_askable

ASKED = "uses/asked"
email.holds_secret(ASKED)  # a link by which the addressee answers


class Told(NamedTuple):
    """A thing of the author with what it was used for, and how often it answered a question."""

    title: str
    url: str
    uses: list[UseRow]
    answered: int


def write_to_author(author: Person, things: Sequence[Told]) -> None:
    """Enqueue the weekly mail to an author, in the running transaction."""
    email.enqueue(
        "uses/told",
        to=author.mail,
        name=author.name,
        language=author.language,
        person_id=author.id,
        headers={"Auto-Submitted": "auto-generated"},
        things=things,
        number=sum(len(one.uses) + one.answered for one in things),
    )


def ask_outcome(use: ThingUse) -> None:
    """Enqueue the question what came of a use, in the running transaction."""
    person = use.person
    thread = email.thread_id("use", use.id)
    audience = access.audience(access.SYSTEM, use.thing.audience_id)
    email.enqueue(
        ASKED,
        to=person.mail,
        name=person.name,
        language=person.language,
        person_id=person.id,
        headers={"In-Reply-To": thread, "References": thread, "Auto-Submitted": "auto-generated"},
        secret=answer_token(use.id, person.id),
        use=use,
        title=title_of(use.thing),
        programme=db.session.get(Programme, audience.programme_id),
    )


def title_of(thing: Thing) -> str:
    """Return the title of a thing, of a post that of its thread."""
    return thing.title or (db.session.get_one(Thing, thing.parent_id).title if thing.parent_id else "")


@email.only_if(ASKED)
def still_true(mail: Email) -> bool:
    """Return whether a use stands without an outcome, and its person still sees what they used, when a mail is sent."""
    id = email.thing_of(mail, "use")
    use = db.session.get(ThingUse, id) if id is not None else None
    if use is None or use.outcome or not use.person.is_active:
        return False
    access.drop_cached_rights(use.person)
    return is_askable(use)


@email.only_if("uses/told")
def still_here(mail: Email) -> bool:
    """Return whether the author still has an account when a mail is sent."""
    person = db.session.get(Person, mail.person_id)
    return person is not None and person.is_active
