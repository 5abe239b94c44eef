"""The questions after the meetings of the demo, answered and closed, and who was noted as there."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from hashlib import sha256
from typing import Any

from sqlalchemy import insert, select

from cop.attendance.models import Attendance, attended
from cop.base import clock
from cop.base.db import db
from cop.cli.demo import FILES
from cop.cli.seeding.stage import Event, Stage, utc
from cop.meetings.models import Invitee, Meeting
from cop.pulse.models import DAYS, Pulse, PulseAnswer, due_of

STORY: list[dict[str, Any]] = tomllib.loads((FILES.parent / "pulse.toml").read_text())["pulses"]
MEETINGS = tomllib.loads((FILES.parent / "meetings.toml").read_text())["meetings"]


def events(stage: Stage) -> Iterator[Event]:
    """Yield the closing of the questions; they are rows, because the verbs would mail everybody."""
    begun = min(post.at for thread in stage.demo.threads for post in thread.posts)  # people are there from then on
    ends = {meeting["title"]: utc(meeting["ends"]) for meeting in MEETINGS}
    for number, told in enumerate(STORY):
        at = max(ends[told["meeting"]], begun) + timedelta(days=DAYS + 7, minutes=number)
        yield Event(at, 1, partial(_add, told))


def _add(told: dict[str, Any]) -> None:
    meeting = db.session.scalars(select(Meeting).where(Meeting.title == told["meeting"])).one()
    _note(meeting)
    people = attended(meeting.id)
    answers = told["answers"]
    assert len(answers) <= len(people), told["meeting"]
    sent = due_of(meeting)
    closes = clock.local(sent).date() + timedelta(days=DAYS)
    db.session.add(Pulse(meeting_id=meeting.id, off=False, sent=sent, asked=len(people), closes=closes, sealed=True))
    db.session.flush()
    for number, answer in enumerate(answers):
        key = sha256(f"{meeting.title} {number}".encode()).hexdigest()  # closed: of nobody, as a random one
        row = {"takes": "", "wants": ""} | answer
        db.session.add(PulseAnswer(key=key, mark=key[:32], meeting_id=meeting.id, **row))


def _note(meeting: Meeting) -> None:
    """Note who said that they would come as there, where nobody was noted."""
    if attended(meeting.id):
        return
    coming = select(Invitee.person_id).where(Invitee.meeting_id == meeting.id, Invitee.answer == "yes")
    row = {
        "meeting_id": meeting.id,
        "day": clock.local(meeting.starts).date(),
        "state": "present",
        "at": meeting.starts,
    }
    db.session.execute(insert(Attendance), [{"person_id": id, **row} for id in db.session.scalars(coming)])
