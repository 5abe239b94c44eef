"""Mail to the owner of guidance, who says in one click whether it still holds."""

from __future__ import annotations

from cop import access
from cop.base import email
from cop.base.db import db
from cop.base.email import Email
from cop.guidance.models import Card, confirmation_token
from cop.society.people import Person
from cop.society.programmes import Programme

email.holds_secret("guidance/due")  # a link by which the owner answers


def write_to_owner(card: Card, owner: Person) -> None:
    """Enqueue the question whether guidance still holds, in the running transaction."""
    audience = access.audience(access.SYSTEM, card.audience_id)
    thread = email.thread_id("card", card.id)
    email.enqueue(
        "guidance/due",
        to=owner.mail,
        name=owner.name,
        language=owner.language,
        person_id=owner.id,
        headers={"In-Reply-To": thread, "References": thread, "Auto-Submitted": "auto-generated"},
        card=card,
        audience=audience,
        secret=confirmation_token(card.id, owner.id),
        programme=db.session.get(Programme, audience.programme_id),
    )


@email.only_if("guidance/")
def still_true(mail: Email) -> bool:
    """Return whether the guidance is still adopted and that of the addressee, and waits for their answer."""
    person = db.session.get(Person, mail.person_id)
    id = email.thing_of(mail, "card")
    card = db.session.get(Card, id) if id is not None else None
    if person is None or card is None or not person.is_active:
        return False
    access.drop_cached_rights(person)
    return (
        card.state == "live"
        and card.status == "adopted"
        and card.owner_id == person.id
        and card.reminded == card.review_by
        and access.rights(person).role(card.audience_id) is not None
    )
