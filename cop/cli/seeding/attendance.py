"""Who was at the meetings of the demo that were held: most of those who said that they would come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import insert, select

from cop.attendance.models import Attendance
from cop.base.db import db
from cop.cli.seeding import meetings
from cop.cli.seeding.stage import Event, Stage
from cop.meetings.models import Invitee, Meeting, days_of

SOON = timedelta(minutes=2)  # after the announcement, whose rows hold the answers at the end of the story
STATES = {5: "late", 8: "absent"}  # of every ninth person, counted from none
EARLY = timedelta(minutes=12)


def events(stage: Stage) -> Iterator[Event]:
    """Yield the lists of the meetings that were held, as they were kept; they are rows, since the verbs look at the clock."""
    for event, told in zip(meetings.events(stage), meetings.STORY, strict=True):
        yield Event(event.at + SOON, 0, partial(_keep, stage, told["title"]))


def _keep(stage: Stage, title: str) -> None:
    meeting = db.session.scalars(select(Meeting).where(Meeting.title == title)).one()
    if meeting.status != "held":
        return
    coming = select(Invitee.person_id).where(Invitee.meeting_id == meeting.id, Invitee.answer == "yes")
    people = list(db.session.scalars(coming.order_by(Invitee.person_id)))
    coach = stage.people["marijke"].id
    rows: list[dict[str, Any]] = []
    for day in days_of(meeting):
        for number, id in enumerate(people):
            state = STATES.get(number % 9, "present")
            late = timedelta(minutes=20) if state == "late" else -EARLY + timedelta(seconds=20 * number)
            by = coach if state == "absent" else None
            common = {"meeting_id": meeting.id, "person_id": id, "day": day.date}
            rows.append({**common, "state": state, "at": day.starts + late, "marked_by": by})
    db.session.execute(insert(Attendance), rows)
