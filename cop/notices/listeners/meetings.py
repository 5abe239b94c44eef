"""Meeting events: notify those who are invited of what they should know."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select

from cop.base import clock
from cop.base.db import db
from cop.base.events import Event, on
from cop.meetings.events import SeatsChanged
from cop.meetings.models import OPEN, Invitee, Meeting, invited_ids
from cop.notices import notifying
from cop.notices.models import NoticeReason


@on("meetings.announce")
def announced(event: Event) -> None:
    """Notify everybody who is invited of a new meeting."""
    _notify(invited_ids(event.thing.id), "scheduled", event)


@on("meetings.move")
def moved(event: Event) -> None:
    """Notify everybody who is invited that a meeting has another time or place."""
    _notify(invited_ids(event.thing.id), "rescheduled", event)


@on("meetings.cancel")
def cancelled(event: Event) -> None:
    """Notify everybody who was invited that a meeting is cancelled."""
    _notify(invited_ids(event.thing.id), "cancelled", event)


@on("meetings.rsvp", "meetings.edit", "meetings.leave_out", "meetings.uninvite_guest")
def promoted(event: SeatsChanged) -> None:
    """Notify those who got a seat from the waiting list."""
    _notify(event.promoted, "seat", event)


@on("meetings.invite", "meetings.admit_guest")
def invited(event: Event) -> None:
    """Tell those who joined in one notice how many meetings wait for their answer."""
    for person, number in _waiting(event.result).items():
        notifying.notify_of_meetings(person, number)


@on("meetings.leave_out")
def left_out(event: SeatsChanged) -> None:
    """Keep the number right for somebody who takes part no longer."""
    notifying.recount_meetings(event.member, _waiting([event.member])[event.member])


def _waiting(people: list[int]) -> dict[int, int]:
    """Return how many coming meetings wait for the answer of each of these people."""
    db.session.flush()
    counted = (
        select(Invitee.person_id, func.count())
        .join(Meeting, Meeting.id == Invitee.meeting_id)
        .where(Invitee.person_id.in_(people), Invitee.answer == "")
        .where(Meeting.status.in_(OPEN), Meeting.starts > clock.now())
        .group_by(Invitee.person_id)
    )
    return dict.fromkeys(people, 0) | dict(db.session.execute(counted).all())


def _notify(people: Iterable[int], reason: NoticeReason, event: Event) -> None:
    """Notify people of a meeting, except the one who did this."""
    meeting: Meeting = event.thing
    notifying.notify(
        set(people) - {event.person.id},
        reason,
        place=meeting.id,
        thing=meeting.id,
        actor=None if reason == "seat" else event.person.id,
        audience=meeting.audience_id,
    )
