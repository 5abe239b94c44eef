"""Meeting events: notify those who are invited of what they should know."""

from __future__ import annotations

from collections.abc import Iterable

from cop.base.events import Event, on
from cop.meetings.events import SeatsChanged
from cop.meetings.models import Meeting, invited_ids
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


@on("meetings.rsvp", "meetings.edit", "meetings.leave_out")
def promoted(event: SeatsChanged) -> None:
    """Notify those who got a seat from the waiting list."""
    _notify(event.promoted, "seat", event)


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
