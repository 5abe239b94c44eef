"""The verb of reminding: a week and a day before a meeting, those who come and those who have not said yet."""

from __future__ import annotations

from sqlalchemy import or_, select, update

from cop.base import clock
from cop.base.action import action, detail
from cop.base.db import db
from cop.meetings.mailing import Mailing, people_of
from cop.meetings.models import MEETING, Invitee, Meeting
from cop.society.people import Person

WEEK, DAY = 7, 1  # days before the start
LATEST_WEEK = 3  # nearer to the start than this, the reminder of the day before is enough
MAILED_BEFORE = 2  # days that the last mail to everybody must be old
FROM_HOUR = 9  # of the day, in Amsterdam


def reminder_due(meeting: Meeting) -> int | None:
    """Return how many days before the start the reminder is for that is due now, None where none is."""
    now = clock.local(clock.now())
    left = (clock.local(meeting.starts).date() - now.date()).days
    told = (now.date() - clock.local(meeting.stamp).date()).days if meeting.stamp else 0
    if now.hour < FROM_HOUR or not meeting.answerable:
        return None
    if LATEST_WEEK <= left <= WEEK and told >= MAILED_BEFORE and meeting.reminded is None:
        return WEEK
    return DAY if left == DAY and told >= DAY and meeting.reminded != DAY else None


@action("meetings.remind")
def remind(person: Person, meeting: Meeting) -> None:
    """Mail a reminder if one is due: a week before to who comes, may come or has not answered, a day before to who comes
    or may come. None is sent twice; a meeting that moves to another time has its reminders again."""
    days = reminder_due(meeting)
    if days is None or not _take(meeting, days):
        return
    answers = ("yes", "maybe", "") if days == WEEK else ("yes", "maybe")
    invited = select(Invitee).where(Invitee.meeting_id == meeting.id).order_by(Invitee.person_id)
    # An answer to an earlier time is none.
    invitees = [one for one in db.session.scalars(invited) if (one.answer if one.answers(meeting) else "") in answers]
    mailing = Mailing(meeting, "reminder", sequence=meeting.sequence, stamp=clock.now(), days=days)
    people = people_of(invitees)
    for invitee in invitees:
        mailing.add(invitee, people[invitee.person_id], None)
    mailing.enqueue()
    detail(days=days, people=len(invitees))


def _take(meeting: Meeting, days: int) -> bool:
    """Note that this reminder is sent; return False where another process has just sent it."""
    unsent = or_(MEETING.c.reminded.is_(None), MEETING.c.reminded > days)
    taken = db.session.execute(
        update(MEETING).where(MEETING.c.id == meeting.id, unsent).values(reminded=days).returning(MEETING.c.id),
        execution_options={"changes": ()},
    ).first()
    return taken is not None
