"""Every calendar part says the same instants, whatever the time zone of the machine that reads it."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from cop.base import calendars, clock
from cop.base.db import db
from cop.base.email import CalendarPart
from cop.meetings.mailing import item_of
from cop.meetings.models import Meeting
from tests.meetings.conftest import HOUR, NOW

JS = Path(__file__).parents[1] / "js"
ZONES = ("Europe/Amsterdam", "UTC", "America/New_York")
DAY = timedelta(days=1)
# From → to, on the clocks of Amsterdam: over the change to summer time and back, and a meeting of several days over one.
MOVES = {
    "spring": ((datetime(2027, 3, 26, 9, 30), 6 * HOUR), (datetime(2027, 3, 31, 9, 30), 6 * HOUR)),
    "autumn": ((datetime(2027, 10, 29, 9, 30), 6 * HOUR), (datetime(2027, 11, 2, 9, 30), 6 * HOUR)),
    "days over spring": ((datetime(2027, 3, 26, 9, 30), 3 * DAY), (datetime(2027, 4, 2, 9, 30), 3 * DAY)),
    "days over autumn": ((datetime(2027, 10, 29, 14, 0), 3 * DAY), (datetime(2027, 11, 12, 14, 0), 3 * DAY)),
    "night of the change": ((datetime(2027, 3, 28, 1, 30), 3 * HOUR), (datetime(2027, 10, 31, 1, 30), 3 * HOUR)),
}


# Three days with hours of their own, the last of which is after the clocks change.
DAYS = (
    [
        (datetime(2027, 3, 26, 9, 30), 6 * HOUR),
        (datetime(2027, 3, 27, 10, 0), 5 * HOUR),
        (datetime(2027, 3, 28, 11, 0), HOUR),
    ],
    [
        (datetime(2027, 10, 29, 14, 0), 3 * HOUR),
        (datetime(2027, 10, 30, 9, 0), 8 * HOUR),
        (datetime(2027, 10, 31, 9, 0), HOUR),
    ],
)


@pytest.fixture
def set_zone(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """`set_zone('UTC')`: set the time zone of this process until the end of the test."""

    def change(name: str) -> None:
        monkeypatch.setenv("TZ", name)
        time.tzset()

    yield change
    monkeypatch.undo()
    time.tzset()


def instants(file: str | bytes) -> tuple[datetime, datetime]:
    (event,) = Calendar.from_ical(file).walk("VEVENT")
    return event.decoded("DTSTART").astimezone(UTC), event.decoded("DTEND").astimezone(UTC)


def span(begin: datetime, lasts: timedelta) -> tuple[datetime, datetime]:
    """Return begin and end in UTC; days are those of the clock on the wall."""
    return clock.from_local(begin), clock.from_local(begin + lasts)


def sent(days: list[tuple[datetime, timedelta]]) -> list[dict[str, str]]:
    """Return days as they are sent: in the time of Amsterdam, without a zone."""
    return [{"starts": begin.isoformat(), "ends": (begin + lasts).isoformat()} for begin, lasts in days]


def whole(days: list[tuple[datetime, timedelta]]) -> tuple[datetime, datetime]:
    """Return the start of the first day and the end of the last in UTC."""
    return span(*days[0])[0], span(*days[-1])[1]


@pytest.mark.parametrize("zone", ZONES)
def test_several_days_give_the_same_instants(zone: str, set_zone: Any, ask: Any, app: Any) -> None:
    set_zone(zone)
    first, second = DAYS
    given = {"title": "Drie dagen", "kind": "thematic", "days": sent(first)}
    url = ask("eva", "post", "/api/v1/communities/een/meetings", **given).json["url"]
    ask("eva", "put", f"/api/v1{url}/announcement")
    assert ask("eva", "put", f"/api/v1{url}/moving", days=sent(second)).status_code == 200
    with app.app_context():
        parts = db.session.query(CalendarPart).order_by(CalendarPart.id).all()
        assert [instants(part.text) for part in parts] == [whole(first), whole(second)]


@pytest.mark.parametrize("name", MOVES)
@pytest.mark.parametrize("zone", ZONES)
def test_create_move_and_cancel_give_the_same_instants(
    name: str, zone: str, set_zone: Any, plan: Any, ask: Any, app: Any, cast: Any
) -> None:
    set_zone(zone)
    first, second = (span(*one) for one in MOVES[name])
    meeting = plan(starts=first[0], ends=first[1])
    ask("eva", "put", f"{meeting.api}/announcement")
    moved = {"starts": f"{second[0]:%Y-%m-%dT%H:%M:%SZ}", "ends": f"{second[1]:%Y-%m-%dT%H:%M:%SZ}"}
    assert ask("eva", "put", f"{meeting.api}/moving", **moved).status_code == 200
    address = ask("anna", "post", "/api/v1/calendar-feeds").json["address"].removeprefix("http://localhost")
    feed = cast.client(None).get(address).data
    ask("eva", "put", f"{meeting.api}/cancellation", reason="Storm")
    with app.app_context():
        parts = db.session.query(CalendarPart).order_by(CalendarPart.id).all()
        assert [part.method for part in parts] == ["REQUEST", "REQUEST", "CANCEL"]
        assert [instants(part.text) for part in parts] == [first, second, second]
        assert len({part.uid for part in parts}) == 1
        assert [part.sequence for part in parts] == sorted({part.sequence for part in parts})
    assert instants(feed) == second


@pytest.mark.skipif(not (JS / "node_modules/ical.js").exists(), reason="needs the packages of tests/js")
def test_other_programs_read_the_same_instants(plan: Any, ask: Any, app: Any) -> None:
    expected = []
    for first, second in ((span(*before), span(*after)) for before, after in MOVES.values()):
        meeting = plan(starts=first[0], ends=first[1])
        ask("eva", "put", f"{meeting.api}/announcement")
        ask("eva", "put", f"{meeting.api}/moving", starts=second[0].isoformat(), ends=second[1].isoformat())
        ask("eva", "put", f"{meeting.api}/cancellation", reason="Storm")
        expected += [first, second, second]
    for first_days, second_days in (DAYS, DAYS[::-1]):
        given = {"title": "Drie dagen", "kind": "thematic", "days": sent(first_days)}
        url = ask("eva", "post", "/api/v1/communities/een/meetings", **given).json["url"]
        ask("eva", "put", f"/api/v1{url}/announcement")
        ask("eva", "put", f"/api/v1{url}/moving", days=sent(second_days))
        expected += [whole(first_days), whole(second_days)]
    with app.app_context():
        files = [part.text for part in db.session.query(CalendarPart).order_by(CalendarPart.id)]
    assert len(files) == len(expected)
    numbers = [[int(moment.timestamp() * 1000) for moment in both] for both in expected]
    for zone in ZONES:
        done = subprocess.run(
            ["node", "calendar-instants.js"],
            cwd=JS,
            env={**os.environ, "TZ": zone},
            input=json.dumps(files),
            capture_output=True,
            text=True,
            check=True,
        )
        assert json.loads(done.stdout) == [[both, both] for both in numbers], zone


def test_files_are_the_same_in_every_zone(set_zone: Any, plan: Any, app: Any, run_as: Any) -> None:
    meeting = plan()
    files = []
    for zone in ZONES:
        set_zone(zone)
        with app.app_context():
            found = db.session.get_one(Meeting, meeting.id)
            found.stamp, found.uid = NOW, "meeting-1@localhost"
            item = item_of(found, 1, NOW)
            files.append(calendars.published("Naam", [(item, NOW)]))
            db.session.rollback()
    assert files[0] == files[1] == files[2]
    assert b"DTSTART;TZID=Europe/Amsterdam:" in files[0]
