"""The mail with the questions after a meeting."""

from __future__ import annotations

from collections.abc import Iterable

from cop import access
from cop.base import email
from cop.base.db import db
from cop.base.email import Email
from cop.meetings.models import Meeting
from cop.pulse.models import Pulse, answer_token, pulse_of
from cop.society.people import Person
from cop.society.programmes import Programme

KIND = "pulse/asked"
email.holds_secret(KIND)  # a link by which the addressee answers


def write(meeting: Meeting, pulse: Pulse, people: Iterable[Person]) -> None:
    """Enqueue the mail with the questions to people, in the running transaction."""
    audience = access.audience(access.SYSTEM, meeting.audience_id)
    thread = email.thread_id("meeting", meeting.id)
    serial = email.Serial(
        KIND,
        meeting=meeting,
        pulse=pulse,
        audience=audience,
        programme=db.session.get(Programme, audience.programme_id),
    )
    email.enqueue_all(
        [
            serial.compose(
                to=person.mail,
                name=person.name,
                language=person.language,
                personal={"secret": answer_token(meeting.id, person.id)},
                person_id=person.id,
                headers={"In-Reply-To": thread, "References": thread},
            )
            for person in people
        ]
    )


@email.only_if("pulse/")
def still_true(mail: Email) -> bool:
    """Return whether the questions can be answered, and the addressee still sees the meeting, when a mail is sent."""
    person = db.session.get(Person, mail.person_id)
    id = email.thing_of(mail, "meeting")
    meeting = db.session.get(Meeting, id) if id is not None else None
    pulse = pulse_of(id) if id is not None else None
    if person is None or meeting is None or pulse is None or not person.is_active or not pulse.answerable:
        return False
    access.drop_cached_rights(person)
    own = access.rights(person)
    return own.role_for(meeting) is not None and not own.archived(meeting)
