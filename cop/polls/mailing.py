"""Mail about date polls: when one opens, to those who have not answered, and when it is withdrawn."""

from __future__ import annotations

from collections.abc import Iterable

from cop import access
from cop.base import email
from cop.base.db import db
from cop.base.email import Email
from cop.polls.models import Poll, answer_token, options_of
from cop.society.people import Person
from cop.society.programmes import Programme

# With a link by which the addressee answers.
email.holds_secret("polls/opened", "polls/reminder")


def write(kind: str, poll: Poll, people: Iterable[Person]) -> int:
    """Enqueue a mail about a poll to active people, each in their language; return how many."""
    audience = access.audience(access.SYSTEM, poll.audience_id)
    thread = email.thread_id("poll", poll.id)
    serial = email.Serial(
        f"polls/{kind}",
        poll=poll,
        options=[option for option in options_of(poll.id) if not option.over],
        audience=audience,
        programme=db.session.get(Programme, audience.programme_id),
    )
    emails = [
        serial.compose(
            to=person.mail,
            name=person.name,
            language=person.language,
            personal={"secret": answer_token(poll.id, person.id) if serial.kind in email.SECRETS else ""},
            person_id=person.id,
            headers={"In-Reply-To": thread, "References": thread},
        )
        for person in people
        if person.state == "active"
    ]
    email.enqueue_all(emails)
    return len(emails)


@email.only_if("polls/")
def still_true(mail: Email) -> bool:
    """Return whether a mail still says what is true when it is sent: its reader takes part, and it was not overtaken."""
    person = db.session.get(Person, mail.person_id)
    id = email.thing_of(mail, "poll")
    poll = db.session.get(Poll, id) if id is not None else None
    if person is None or poll is None or not person.is_active:
        return False
    access.drop_cached_rights(person)
    if access.rights(person).role(poll.audience_id) is None:
        return False
    return poll.status == "withdrawn" if mail.kind == "polls/withdrawn" else poll.answerable
