"""Verbs of what everybody hears of: a meeting is announced, moved, cancelled and held."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, select

from cop import access
from cop.base import clock
from cop.base.action import action, detail
from cop.base.db import db
from cop.base.errors import Conflict
from cop.base.words import _
from cop.meetings.actions.planning import changed_days, check_future
from cop.meetings.mailing import Mailing, people_of
from cop.meetings.models import OPEN, Invitee, Meeting, MeetingDay, days_of, identify, lock, set_days
from cop.society.people import Person


@action("meetings.announce")
def announce(person: Person, meeting: Meeting) -> Meeting:
    """Announce a draft: everybody of its audience sees it and gets an invitation.

    Raise Conflict when it was announced already, Invalid when its start is over.
    """
    sequence = lock(meeting)
    if meeting.status != "draft":
        raise Conflict(_("Deze bijeenkomst is al aangekondigd."))
    check_future(meeting.starts)
    identify(meeting)
    meeting.status, meeting.state = "announced", "live"
    _supersede(meeting, sequence)
    invitees = _everybody(meeting)
    mailing = _mailing(meeting, "announced")
    people = people_of(invitees)
    for invitee in invitees:
        mailing.add(invitee, people[invitee.person_id], "REQUEST")
    mailing.enqueue()
    detail(invited=len(invitees))
    return meeting


@action("meetings.move")
def move(
    person: Person,
    meeting: Meeting,
    *,
    starts: datetime | None = None,
    ends: datetime | None = None,
    days: Sequence[MeetingDay] | None = None,
    venue: str | None = None,
) -> Meeting:
    """Move an announced meeting to another time or place, and tell those who are invited.

    Another time asks everybody again; who had a seat keeps it. Another place tells those who have it in their calendar.
    Raise Conflict when it is not announced or nothing changes, Invalid for impossible times.
    """
    sequence = lock(meeting)
    if not meeting.answerable:
        raise Conflict(_("Alleen een aangekondigde bijeenkomst die nog niet is begonnen, kunt u verplaatsen."))
    now, place = changed_days(meeting, starts, ends, days), meeting.venue if venue is None else venue
    other_time, other_place = now != days_of(meeting), place != meeting.venue
    if not other_time and not other_place:
        raise Conflict(_("Er is niets veranderd. Kies een andere tijd of een andere plaats."))
    check_future(now[0].starts)
    set_days(meeting, now)
    meeting.venue = place
    meeting.status = "moved"
    if other_time:
        meeting.reminded = None
    confirmed = meeting.time_sequence
    _supersede(meeting, sequence)
    invitees = _everybody(meeting)
    mailing = _mailing(meeting, "moved", other_time=other_time)
    people = people_of(invitees)
    for invitee in invitees:
        if not other_time and invitee.answered_sequence >= confirmed:
            invitee.answered_sequence = meeting.time_sequence  # the answer holds at another place too
        if other_time:
            invitee.offered_until = None
        waits, declined = invitee.answer == "waiting", invitee.answer == "no" and not other_time
        if not declined:
            mailing.add(invitee, people[invitee.person_id], None if waits else "REQUEST")
    mailing.enqueue()
    detail(time=int(other_time), place=int(other_place))
    return meeting


@action("meetings.cancel")
def cancel(person: Person, meeting: Meeting, *, reason: str) -> Meeting:
    """Cancel an announced meeting for good, say why, and take it out of everybody's calendar.

    Raise Conflict when it is not announced, or over.
    """
    sequence = lock(meeting)
    if meeting.status not in OPEN or meeting.ends <= clock.now():
        raise Conflict(_("Alleen een aangekondigde bijeenkomst die nog niet voorbij is, kunt u afzeggen."))
    meeting.status, meeting.cancel_reason = "cancelled", reason
    _supersede(meeting, sequence)
    invitees = _known(meeting)
    mailing = _mailing(meeting, "cancelled")
    people = people_of(invitees)
    for invitee in invitees:
        if invitee.has_item or invitee.answer != "no":
            mailing.add(invitee, people[invitee.person_id], "CANCEL" if invitee.has_item else None)
    mailing.enqueue()
    return meeting


@action("meetings.hold")
def hold(person: Person, meeting: Meeting) -> Meeting:
    """Record that a meeting took place, when its end is over."""
    lock(meeting)
    if meeting.status in OPEN and meeting.ends <= clock.now():
        meeting.status = "held"
    return meeting


def _supersede(meeting: Meeting, sequence: int) -> None:
    """Make this change the one that every calendar must follow."""
    meeting.sequence = meeting.time_sequence = sequence
    meeting.stamp = clock.now()


def _mailing(meeting: Meeting, kind: str, **about: object) -> Mailing:
    assert meeting.stamp is not None
    return Mailing(meeting, kind, sequence=meeting.sequence, stamp=meeting.stamp, **about)


@action("meetings.invite")
def invite(person: Person, meeting: Meeting) -> list[int]:
    """Invite those who came into the audience of a coming meeting since it was announced; return their ids."""
    sequence = lock(meeting)
    new = set(_invite_new(meeting)) if meeting.answerable else set()
    if new:
        invitees = [invitee for invitee in _known(meeting) if invitee.person_id in new]
        mailing = Mailing(meeting, "announced", sequence=sequence, stamp=clock.now())
        people = people_of(invitees)
        for invitee in invitees:
            mailing.add(invitee, people[invitee.person_id], "REQUEST")
        mailing.enqueue()
    detail(people=sorted(new))
    return sorted(new)


def _everybody(meeting: Meeting) -> list[Invitee]:
    """Invite those of the audience who are not invited yet; return all invitations."""
    _invite_new(meeting)
    return _known(meeting)


def _invite_new(meeting: Meeting) -> list[int]:
    """Store an invitation, without an answer, of those of the audience who have none; return their ids."""
    db.session.flush()
    here = select(Person.id).where(access.readers_of(meeting.audience_id), Person.state == "active")
    known = set(db.session.scalars(select(Invitee.person_id).where(Invitee.meeting_id == meeting.id)))
    new = sorted(set(db.session.scalars(here)) - known)
    if new:
        nothing = {"answer": "", "remark": "", "diet": "", "access_needs": "", "answered_sequence": 0}
        db.session.execute(
            insert(Invitee), [{"meeting_id": meeting.id, "person_id": id, "has_item": False, **nothing} for id in new]
        )
    return new


def _known(meeting: Meeting) -> list[Invitee]:
    """Return every invitation to a meeting, those who wait in their order."""
    db.session.flush()
    invited = select(Invitee).where(Invitee.meeting_id == meeting.id)
    return list(db.session.scalars(invited.order_by(Invitee.place, Invitee.person_id)))
