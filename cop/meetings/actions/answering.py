"""The verb of answering an invitation; and what follows when somebody takes part no longer or has another address."""

from __future__ import annotations

from cop.base import clock
from cop.base.action import action, detail
from cop.base.db import db
from cop.base.errors import Conflict, Forbidden
from cop.base.words import _
from cop.meetings.actions.seating import promote, seated
from cop.meetings.events import SeatsChanged
from cop.meetings.mailing import write
from cop.meetings.models import (
    Answer,
    Invitee,
    Meeting,
    invitee_of,
    lock,
    new_invitee,
    next_place,
    waiting_before,
)
from cop.society.people import GUEST, Person


@action("meetings.rsvp", event=SeatsChanged)
def rsvp(
    person: Person,
    meeting: Meeting,
    *,
    answer: Answer,
    remark: str | None = None,
    diet: str | None = None,
    access_needs: str | None = None,
) -> Invitee:
    """Answer an invitation, or change the answer: yes, maybe or no; a yes to a full meeting waits for a seat.

    What is not given stays as it was. A seat that becomes free goes to who waits longest. Raise Conflict unless the
    meeting is announced and still to come.
    """
    sequence = lock(meeting)
    if not meeting.answerable:
        raise Conflict(_("Aanmelden en afmelden kan niet meer: de bijeenkomst is begonnen, voorbij of afgezegd."))
    invitee = invitee_of(meeting.id, person.id)
    if invitee is None and person.state == GUEST:
        raise Forbidden
    invitee = invitee or new_invitee(meeting.id, person.id)
    before, asked_again = invitee.answer, invitee.answered_sequence < meeting.time_sequence
    had_seat = invitee.has_seat
    invitee.answer = seated(meeting, invitee) if answer == "yes" else answer
    if invitee.answer != "waiting":
        invitee.place = invitee.offered_until = None
    elif before != "waiting":
        invitee.place = next_place(meeting.id)
    for name, value in (("remark", remark), ("diet", diet), ("access_needs", access_needs)):
        if value is not None:
            setattr(invitee, name, value)
    invitee.answered, invitee.answered_sequence = clock.now(), meeting.time_sequence
    db.session.flush()
    if before != invitee.answer or asked_again:
        _confirm(meeting, invitee, sequence)
    promoted = promote(meeting) if had_seat and invitee.answer != "yes" else []
    detail(answer=invitee.answer, promoted=promoted)
    return invitee


def _confirm(meeting: Meeting, invitee: Invitee, sequence: int) -> None:
    """Mail a person their answer, and let their calendar follow it: who does not come, or waits, has no item."""
    comes = invitee.answer in ("yes", "maybe")
    # An item that stands in the calendar keeps its number; one that was taken out, or must go, needs a new one.
    number = invitee.sent_sequence if comes and invitee.has_item and invitee.sent_sequence is not None else sequence
    before = waiting_before(meeting.id, invitee.place) if invitee.place is not None else 0
    write(
        "answer",
        meeting,
        invitee,
        "REQUEST" if comes else "CANCEL" if invitee.has_item else None,
        sequence=number,
        stamp=clock.now(),
        before=before,
    )
    db.session.flush()


@action("meetings.leave_out", event=SeatsChanged)
def leave_out(person: Person, meeting: Meeting, *, member: int) -> None:
    """Take somebody who takes part no longer out of a coming meeting; their seat goes to who waits longest.

    Their calendar follows, where they have an account still.
    """
    sequence = lock(meeting)
    invitee = invitee_of(meeting.id, member)
    if invitee is None or not meeting.answerable:
        return
    had_seat = invitee.has_seat
    if invitee.has_item:
        write("left", meeting, invitee, "CANCEL", sequence=sequence, stamp=clock.now())
    db.session.delete(invitee)
    db.session.flush()
    detail(member=member, promoted=promote(meeting) if had_seat else [])


def readdress(meeting: Meeting, invitee: Invitee, former: str) -> None:
    """Take a meeting out of the calendar of somebody's former address and put it in that of their new one."""
    if not invitee.has_item or not meeting.answerable:
        return
    # Two numbers in this order: both mails may end in one calendar.
    number = lock(meeting)
    write("former_address", meeting, invitee, "CANCEL", sequence=number, stamp=clock.now(), address=former)
    write("address", meeting, invitee, "REQUEST", sequence=lock(meeting), stamp=clock.now())
    db.session.flush()
