"""The verb of handing a seat, or a place on the waiting list, to a colleague."""

from __future__ import annotations

from sqlalchemy import select

from cop import access
from cop.base import clock
from cop.base.action import action, detail
from cop.base.calendars import Method
from cop.base.db import db
from cop.base.errors import Conflict, Invalid
from cop.base.words import _
from cop.meetings.actions.seating import offer
from cop.meetings.mailing import write
from cop.meetings.models import Invitee, Meeting, invitee_of, lock, new_invitee
from cop.society.people import Person


@action("meetings.hand_over")
def hand_over(person: Person, meeting: Meeting, *, member: int) -> Invitee:
    """Let a colleague come, or wait, instead of a person; return the invitation of the person, who does not come now.

    The colleague can answer no, and the person can answer anew. Raise Invalid for somebody who cannot be invited, Conflict
    when the person has nothing to give, or the colleague comes or waits already.
    """
    sequence = lock(meeting)
    if not meeting.answerable:
        raise Conflict(_("Aanmelden en afmelden kan niet meer: de bijeenkomst is begonnen, voorbij of afgezegd."))
    own = invitee_of(meeting.id, person.id)
    if own is None or own.answer not in ("yes", "waiting"):
        raise Conflict(_("U hebt geen plaats en staat niet op de wachtlijst. Er is niets om door te geven."))
    colleague = _colleague(person, meeting, member)
    theirs = invitee_of(meeting.id, colleague.id) or new_invitee(meeting.id, colleague.id)
    if theirs.answer in ("yes", "waiting"):
        raise Conflict(
            _("%(name)s komt al, of staat al op de wachtlijst. Kies een andere collega.", name=colleague.name)
        )
    theirs.answer, theirs.place, theirs.answered_sequence = own.answer, own.place, own.answered_sequence
    theirs.offered_until, own.offered_until = own.offered_until, None
    own.answer, own.place, own.answered_sequence = "no", None, meeting.time_sequence
    own.answered = theirs.answered = clock.now()
    db.session.flush()
    # Two numbers in this order: both mails may end in one calendar.
    write(
        "handed_over",
        meeting,
        own,
        "CANCEL" if own.has_item else None,
        sequence=sequence,
        stamp=clock.now(),
        colleague=colleague.name,
    )
    method: Method | None = "REQUEST" if theirs.answer == "yes" else "CANCEL" if theirs.has_item else None
    write(
        "instead", meeting, theirs, method, sequence=lock(meeting), stamp=clock.now(), giver=person.name or person.mail
    )
    if theirs.is_offered and theirs.offered_until is not None:
        offer(meeting, theirs, theirs.offered_until)
    db.session.flush()
    detail(member=colleague.id, answer=theirs.answer)
    return own


def _colleague(person: Person, meeting: Meeting, id: int) -> Person:
    """Return somebody else of the audience whom the person sees; raise Invalid for others."""
    here = select(Person).where(
        Person.id == id,
        Person.id != person.id,
        Person.state == "active",
        access.readers_of(meeting.audience_id),
        access.visible_to(person, Person),
    )
    found: Person | None = db.session.scalar(here)
    if found is None:
        raise Invalid(errors={"member": _("Kies een collega die hier ook deelneemt.")})
    return found
