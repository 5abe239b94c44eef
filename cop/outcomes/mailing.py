"""Mail to the owner of an action: when they get it, before its date, and when that has passed."""

from __future__ import annotations

from typing import Literal

from cop import access
from cop.base import email
from cop.base.db import db
from cop.base.email import Email
from cop.outcomes.models import Outcome
from cop.society.people import Person
from cop.society.programmes import Programme

Mail = Literal["assigned", "soon", "overdue"]


def write_to_owner(kind: Mail, outcome: Outcome, *, by: Person | None = None) -> None:
    """Enqueue a mail to the owner of an action, in the running transaction; `by` gave it to them."""
    owner = db.session.get(Person, outcome.owner_id) if outcome.owner_id else None
    if owner is None or not owner.is_active:
        return
    audience = access.audience(access.SYSTEM, outcome.audience_id)
    thread = email.thread_id("outcome", outcome.id)
    email.enqueue(
        f"outcomes/{kind}",
        to=owner.mail,
        name=owner.name,
        language=owner.language,
        person_id=owner.id,
        headers={"In-Reply-To": thread, "References": thread, "Auto-Submitted": "auto-generated"},
        outcome=outcome,
        audience=audience,
        by=by.name if by else "",
        programme=db.session.get(Programme, audience.programme_id),
    )


@email.only_if("outcomes/")
def still_true(mail: Email) -> bool:
    """Return whether the action is still open and that of the addressee, who still sees it, when a mail is sent."""
    person = db.session.get(Person, mail.person_id)
    id = email.thing_of(mail, "outcome")
    outcome = db.session.get(Outcome, id) if id is not None else None
    if person is None or outcome is None or not person.is_active:
        return False
    access.drop_cached_rights(person)
    return (
        outcome.state == "live"
        and outcome.status == "open"
        and outcome.owner_id == person.id
        and access.rights(person).role(outcome.audience_id) is not None
    )
