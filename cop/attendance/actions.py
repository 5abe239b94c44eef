"""Verbs of attendance: say that one is here, and note of others who is, until the programme is in the archive."""

from __future__ import annotations

from datetime import date, datetime

from cop.agenda.actions.locking import lock_agenda
from cop.attendance.models import LATE, Attendance, State, code_window, mark_of, may_be_listed, runs_day
from cop.base import clock
from cop.base.action import action, detail
from cop.base.db import db
from cop.base.errors import Conflict, Invalid, NotFound
from cop.base.words import _, hour
from cop.meetings.models import Meeting, MeetingDay, days_of
from cop.society.people import Person


@action("meetings.attend")
def attend(person: Person, meeting: Meeting, *, day: MeetingDay, at: datetime) -> Attendance:
    """Say that one is at a meeting, by the code that is shown there; `at` is when it was scanned.

    A second time changes nothing. Raise Conflict for a meeting that is cancelled, and outside the hours of the day.
    """
    lock_agenda(meeting)
    if refusal := refused(meeting, day, at):
        raise Conflict(refusal)
    found = mark_of(meeting.id, person.id, day.date)
    if found is not None and found.state != "absent":
        return found
    late = at > day.starts + LATE and not day.all_day
    return _note(meeting, person.id, day.date, "late" if late else "present", at=at, by=None)


def refused(meeting: Meeting, day: MeetingDay, at: datetime) -> str:
    """Return why a code that was scanned at a moment does not work, "" where it does."""
    if meeting.status in ("draft", "cancelled"):
        return _("Deze bijeenkomst gaat niet door.")
    works = code_window(day)
    if at < works.starts:
        return _("U bent vroeg. U kunt u op de dag zelf melden vanaf %(hour)s uur.", hour=hour(works.starts))
    if at > works.ends:
        return _(
            "Deze code gold tot %(hour)s uur. Was u er wel? Vraag de begeleider u op de lijst te zetten.",
            hour=hour(works.ends),
        )
    return ""


@action("attendance.mark")
def mark(person: Person, meeting: Meeting, *, member: int, state: State, day: date) -> Attendance:
    """Note whether somebody is at a meeting: who was expected, or another person of its audience.

    Raise NotFound for who does not run the meeting's day, Conflict before that day, Invalid for somebody else's audience.
    """
    _check(person, meeting, day)
    if not may_be_listed(meeting, member):
        raise NotFound
    detail(member=member, state=state)
    found = mark_of(meeting.id, member, day)
    if found is not None and found.state == state:
        return found
    return _note(meeting, member, day, state, at=clock.now(), by=person.id)


@action("attendance.unmark")
def unmark(person: Person, meeting: Meeting, *, member: int, day: date) -> None:
    """Take back what is noted of somebody on a day. Raise NotFound for who does not run the meeting's day."""
    _check(person, meeting, day)
    detail(member=member)
    found = mark_of(meeting.id, member, day)
    if found is not None:
        db.session.delete(found)


def _check(person: Person, meeting: Meeting, day: date) -> None:
    lock_agenda(meeting)
    if not runs_day(person, meeting):
        raise NotFound
    if all(one.date != day for one in days_of(meeting)):
        raise Invalid(errors={"day": _("Kies een dag van de bijeenkomst.")})
    if clock.today() < day:
        raise Conflict(_("De lijst gaat open op de dag zelf."))


def _note(meeting: Meeting, member: int, day: date, state: str, *, at: datetime, by: int | None) -> Attendance:
    """Store one row for a person and day; the lock lets two who do so at once wait for each other."""
    row = mark_of(meeting.id, member, day)
    if row is None:
        row = Attendance(meeting_id=meeting.id, person_id=member, day=day)
        db.session.add(row)
    row.state, row.at, row.marked_by = state, at, by
    return row
