"""Seats that become free go to those who have waited longest; shortly before the start they are asked first."""

from __future__ import annotations

from datetime import datetime, timedelta

from cop.base import clock
from cop.base.action import action, detail
from cop.base.db import db
from cop.meetings.mailing import write
from cop.meetings.models import Invitee, Meeting, first_waiting, held_and_unasked, lock, seats
from cop.society.people import Person

OFFERED = timedelta(hours=24)  # before the start: from here on a seat is offered, not given
NO_LONGER_OFFERED = timedelta(hours=2)  # before the start: from here on a free seat is for who comes first
HELD = timedelta(hours=3)  # how long, between MORNING and EVENING
MORNING, EVENING = timedelta(hours=8), timedelta(hours=22)  # in Amsterdam


def promote(meeting: Meeting) -> list[int]:
    """Give the free seats to those who wait, or offer them shortly before the start; mail them, and return their ids.

    The meeting is locked already.
    """
    if not meeting.answerable:
        return []
    until = None
    if _is_soon(meeting, OFFERED):
        if _is_soon(meeting, NO_LONGER_OFFERED):
            return []
        until = held_until(clock.now(), meeting.starts)
    promoted = []
    for invitee in first_waiting(meeting.id, _free(meeting, held_and_unasked(meeting.id)[0])):
        promoted.append(invitee.person_id)
        if until is not None:
            offer(meeting, invitee, until)
            continue
        invitee.answer, invitee.place = "yes", None
        db.session.flush()
        write("seat", meeting, invitee, "REQUEST", sequence=lock(meeting), stamp=clock.now())
    db.session.flush()
    return promoted


def offer(meeting: Meeting, invitee: Invitee, until: datetime) -> None:
    """Hold a free seat for somebody who waits, and ask them by mail whether they can come."""
    invitee.offered_until = until
    db.session.flush()
    write("offer", meeting, invitee, None, sequence=meeting.sequence, stamp=clock.now(), until=until)


def held_until(now: datetime, starts: datetime) -> datetime:
    """Return until when a seat that is offered now is held: the hours of the night do not count."""
    typed = clock.local(now).replace(second=0, microsecond=0, tzinfo=None)
    day = datetime.combine(typed.date(), datetime.min.time())
    if typed >= day + EVENING:
        day += timedelta(days=1)
    end = max(typed, day + MORNING) + HELD
    if end > day + EVENING:
        end += timedelta(days=1) - (EVENING - MORNING)
    return min(clock.from_local(end), starts - NO_LONGER_OFFERED)


def seated(meeting: Meeting, invitee: Invitee) -> str:
    """Return whether somebody who wants to come has a seat, or waits for one."""
    if invitee.has_seat or meeting.capacity is None:
        return "yes"
    held, unasked = held_and_unasked(meeting.id, invitee.person_id)
    others_first = unasked > 0 and not _is_soon(meeting, NO_LONGER_OFFERED)
    return "waiting" if others_first or not _free(meeting, held) else "yes"


def _free(meeting: Meeting, held: int) -> int | None:
    """Return how many seats are neither taken nor held, None where there is no limit."""
    return None if meeting.capacity is None else max(meeting.capacity - seats(meeting.id).yes - held, 0)


def _is_soon(meeting: Meeting, before: timedelta) -> bool:
    return meeting.starts - clock.now() <= before


@action("meetings.pass_on")
def pass_on(person: Person, meeting: Meeting) -> list[int]:
    """Offer the seats that nobody took in time to the next who wait; return their ids."""
    lock(meeting)
    offered = promote(meeting)
    detail(offered=offered)
    return offered
