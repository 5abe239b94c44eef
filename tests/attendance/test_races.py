"""Many who scan and mark at the same moment, on a real database with real commits: one row for a person and day."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from cop.attendance.codes import token_of
from cop.attendance.models import Attendance, DayVersion
from cop.base import clock
from cop.base.action import transaction
from cop.base.db import db
from cop.meetings.models import Meeting
from tests.conftest import Client
from tests.meetings.test_races import THREADS, crowd

__all__ = ["crowd"]
SCANS = 20


def test_one_row(crowd: Any) -> None:
    """One person scans twenty times while the coach marks them ten times, and another person's phone scans once."""
    app, cookies, (id, _links) = crowd.app, crowd.cookies, crowd.invited()
    with app.app_context(), transaction():
        meeting = db.session.get_one(Meeting, id)
        meeting.starts, meeting.ends = clock.now(), clock.now() + timedelta(hours=2)
        code = f"/here/{token_of(id, clock.local(meeting.starts).date())}"

    def press(number: int) -> int:
        browser = Client(app, app.response_class)
        marks = number >= SCANS
        browser.set_cookie("cop", cookies[0 if marks else 1])
        if marks:
            return browser.post(f"/meetings/{id}/attendance/2", data={"state": "present"}).status_code
        return browser.post(code).status_code

    with ThreadPoolExecutor(THREADS) as pool:
        assert set(pool.map(press, range(SCANS + 10))) == {303}
    with app.app_context():
        (row,) = db.session.scalars(select(Attendance))
        assert (row.person_id, row.state) == (2, "present")
        assert db.session.scalar(select(DayVersion.seq).where(DayVersion.meeting_id == id)) >= SCANS
