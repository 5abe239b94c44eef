"""Meetings of whole days: planned without times, dates in every calendar program, moved and cancelled as any other."""

from __future__ import annotations

import json
import os
import subprocess
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from cop.access import SYSTEM
from cop.attendance.actions import refused
from cop.attendance.models import present_day
from cop.base import calendars, clock
from cop.base.db import db
from cop.meetings import actions
from cop.meetings.actions.reminding import reminder_due
from cop.meetings.models import Meeting, days_of
from tests.conftest import go_to
from tests.meetings.conftest import HOUR
from tests.meetings.test_instants import JS, ZONES

NEW = "/communities/een/meetings"
FORM = {"title": "Excursie", "kind": "other", "all_day": "1"}
# Summer time begins on Sunday 28 March 2027.
SATURDAY, SUNDAY = date(2027, 3, 27), date(2027, 3, 28)


@pytest.fixture
def submit(cast: Any) -> Any:
    """`submit(url, given)`: submit a form as Eva, without JavaScript."""
    return lambda url, given: cast.client(None).post(
        url, data=given, headers={**cast.api("eva"), "Accept": "text/html"}
    )


@pytest.fixture
def excursion(ask: Any) -> str:
    """The address of an announced meeting that lasts the whole Saturday."""
    made = ask("eva", "post", f"/api/v1{NEW}", title="Excursie", kind="other", starts="2027-03-27T00:00", all_day=True)
    assert made.status_code == 201, made.json
    assert ask("eva", "put", f"/api/v1{made.json['url']}/announcement").status_code == 200
    return str(made.json["url"])


def dates(app: Any, url: str) -> list[tuple[date, date]]:
    with app.app_context():
        days = days_of(db.session.get_one(Meeting, int(url.rpartition("/")[2])))
        assert all(day.all_day for day in days)
        return [(day.date, day.last_date) for day in days]


def test_works(submit: Any, read: Any, ask: Any, app: Any, mails: Any) -> None:
    made = submit(NEW, FORM | {"starts_day": "27 maart 2027", "starts_time": "niets", "day_2_ends_time": "15:00"})
    assert made.status_code == 303, made.text
    assert dates(app, made.location) == [(SATURDAY, SATURDAY)]
    form = read("eva", f"{made.location}/edit")
    assert 'value="27-03-2027"' in form
    assert 'value="28-03-2027"' not in form, "that on which it ends is the last of its days"
    assert "00:00" not in form
    ask("eva", "put", f"/api/v1{made.location}/announcement")
    shown = "zaterdag 27 maart 2027, hele dag"
    for page in (read("anna", made.location), read("anna", "/meetings"), mails("anna")[0].text):
        assert shown in page
        assert "00.00" not in page
    month = read("anna", "/calendar?show=month&month=2027-03")
    assert "hele dag" in month
    assert "00.00" not in month
    assert "Excursie" in month


def test_works_for_several_days(submit: Any, ask: Any, app: Any, read: Any) -> None:
    given = {"starts_day": "27-3-2027", "ends_day": "28-3-2027", "day_2_starts_day": "1 april 2027"}
    made = submit(NEW, FORM | given)
    assert made.status_code == 303, made.text
    later = date(2027, 4, 1)
    assert dates(app, made.location) == [(SATURDAY, SATURDAY), (SUNDAY, SUNDAY), (later, later)]
    kept = submit(made.location, {**FORM, **given, "title": "Reis", "day_3_starts_day": "2-4-2027", "venue": ""})
    assert (kept.status_code, len(dates(app, made.location))) == (303, 4)
    timed = {"title": "Reis", "kind": "other", "starts_day": "27-3-2027", "starts_time": "9:30", "ends_time": "12:00"}
    assert submit(made.location, timed).status_code == 303
    assert ask("eva", "get", f"/api/v1{made.location}").json["all_day"] is False


def test_works_by_api(excursion: str, ask: Any) -> None:
    shown = ask("anna", "get", f"/api/v1{excursion}").json
    assert (shown["all_day"], shown["starts"], shown["ends"]) == (
        True,
        "2027-03-26T23:00:00.000Z",
        "2027-03-27T23:00:00.000Z",
    )
    again = {"all_day": True, "days": shown["days"], "venue": "Elders"}
    moved = ask("eva", "put", f"/api/v1{excursion}/moving", **again).json
    assert (moved["days"], moved["venue"]) == (shown["days"], "Elders"), "what was read can be sent back"
    (listed,) = ask("anna", "get", "/api/v1/calendar?month=2027-03").json["items"]
    assert listed["all_day"] is True


def test_works_for_series_and_copies(submit: Any, ask: Any, read: Any, app: Any) -> None:
    made = submit("/communities/een/series", FORM | {"date_1": "27-3-2027", "date_2": "3-4-2027", "begin_time": ""})
    assert made.status_code == 303, made.text
    first, second = ask("eva", "get", f"/api/v1{made.location}").json["meetings"]
    assert dates(app, first["url"]) == [(SATURDAY, SATURDAY)]
    assert dates(app, second["url"]) == [(date(2027, 4, 3), date(2027, 4, 3))]
    form = read("eva", f"{NEW}/new?copy={first['id']}")
    assert "checked" in form[form.index('id="f-all_day"') - 80 : form.index('id="f-all_day"')]
    assert "00:00" not in form


def test_bad_input_names_the_field(submit: Any, ask: Any) -> None:
    for given, words in (
        ({"starts_day": ""}, "Vul dit in."),
        ({"starts_day": "ooit"}, "Dit is geen datum."),
        ({"starts_day": "27-3-2027", "ends_day": "26-3-2027"}, "Het einde ligt na het begin."),
        ({"starts_day": "27-3-2027", "ends_day": "7-4-2027"}, "hoogstens 10 dagen"),
        ({"starts_day": "27-3-2027", "ends_day": "27-3-2999"}, "hoogstens"),
        ({"starts_day": "27-3-2027", "day_2_starts_day": "27-3-2027"}, "staan twee dagen"),
    ):
        refused = submit(NEW, FORM | given)
        assert (refused.status_code, words in refused.text) == (422, True), given
        assert "checked" in refused.text[: refused.text.index('id="f-all_day"')][-80:]
    assert "starts" in ask("eva", "post", f"/api/v1{NEW}", title="X", kind="other", all_day=True).json["errors"]


def test_mails_and_feeds_say_dates(excursion: str, ask: Any, mails: Any, app: Any) -> None:
    first = mails("anna")[0].item
    assert b"DTSTART;VALUE=DATE:20270327\r\n" in first.raw
    assert b"DTEND;VALUE=DATE:20270328\r\n" in first.raw
    days = [{"starts": f"2027-04-0{n}T00:00", "ends": f"2027-04-0{n}T23:00"} for n in (2, 3)]
    assert ask("eva", "put", f"/api/v1{excursion}/moving", all_day=True, days=days).status_code == 200
    moved = mails("anna")[1].item
    assert b"DTSTART;VALUE=DATE:20270402\r\n" in moved.raw
    assert b"DTEND;VALUE=DATE:20270404\r\n" in moved.raw
    (event,) = Calendar.from_ical(moved.raw).walk("VEVENT")
    assert str(event["DESCRIPTION"]).startswith("vrijdag 2 april 2027, hele dag\nzaterdag 3 april 2027, hele dag")
    ask("eva", "put", f"/api/v1{excursion}/cancellation", reason="Storm")
    received = [mail.item for mail in mails("anna")]
    assert [item.method for item in received] == ["REQUEST", "REQUEST", "CANCEL"]
    assert received[0].sequence < received[1].sequence < received[2].sequence
    assert len({item.uid for item in received}) == 1
    assert b"DTSTART;VALUE=DATE:20270402\r\n" in received[2].raw


@pytest.mark.skipif(not (JS / "node_modules/ical.js").exists(), reason="needs the packages of tests/js")
@pytest.mark.parametrize("zone", ZONES)
def test_other_programs_read_the_same_dates(
    excursion: str, ask: Any, mails: Any, cast: Any, app: Any, zone: str
) -> None:
    feed = ask("anna", "post", "/api/v1/calendar-feeds").json["address"].removeprefix("http://localhost")

    def fetch() -> str:
        return str(cast.client(None).get(feed).text)

    files = [fetch()]
    expected: list[tuple[date, ...]] = [(SATURDAY, SUNDAY)]
    days = [{"starts": f"2027-10-{n}", "ends": f"2027-10-{n}"} for n in (30, 31)]
    ask("eva", "put", f"/api/v1{excursion}/moving", all_day=True, days=days)
    files.append(fetch())
    expected.append((date(2027, 10, 30), date(2027, 10, 31), date(2027, 10, 31), date(2027, 11, 1)))
    ask("eva", "put", f"/api/v1{excursion}/cancellation", reason="Storm")
    files += [mail.item.raw.decode() for mail in mails("anna")]
    whole = (date(2027, 10, 30), date(2027, 11, 1))
    expected += [(SATURDAY, SUNDAY), whole, whole]
    done = subprocess.run(
        ["node", "calendar-instants.js"],
        cwd=JS,
        env={**os.environ, "TZ": zone},
        input=json.dumps(files),
        capture_output=True,
        text=True,
        check=True,
    )

    # A date is midnight of the machine, wherever it stands.
    def at(day: date) -> int:
        return int(datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).timestamp() * 1000)

    wanted = [[at(day) for day in one] for one in expected]
    assert json.loads(done.stdout) == [[one, one] for one in wanted]
    found = [
        [
            moment
            for event in Calendar.from_ical(file).walk("VEVENT")
            for moment in (event.decoded("DTSTART"), event.decoded("DTEND"))
        ]
        for file in files
    ]
    assert found == [list(one) for one in expected]


def test_a_reply_to_an_earlier_date_is_noticed() -> None:
    reply = (
        "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:x\r\nDTSTART;VALUE=DATE:20270327\r\n"
        "ATTENDEE;PARTSTAT=ACCEPTED:mailto:anna@proef.example\r\nEND:VEVENT\r\nEND:VCALENDAR"
    )
    found = calendars._reply_of(reply.encode())
    assert found is not None
    assert found.starts == clock.midnight(SATURDAY)


def test_windows_follow_the_day_in_amsterdam(excursion: str, app: Any, run_as: Any, ask: Any) -> None:
    begins = datetime(2027, 3, 26, 23, tzinfo=UTC)
    id = int(excursion.rpartition("/")[2])

    def meeting() -> Meeting:
        return db.session.get_one(Meeting, id)

    go_to(begins - timedelta(days=1) + 10 * HOUR)  # ten on Friday morning
    with app.app_context():
        assert reminder_due(meeting()) == 1
        assert meeting().answerable
    for at, works in (
        (begins - HOUR / 2, False),
        (begins, True),
        (begins + 23 * HOUR, True),
        (begins + 24.5 * HOUR, False),
    ):
        with app.app_context():
            (day,) = days_of(meeting())
            assert (refused(meeting(), day, at) == "") is works, at
    go_to(begins + 23 * HOUR)
    with app.app_context():
        assert present_day(meeting()).date == SATURDAY
        assert not meeting().answerable
    run_as("eva", lambda _person, row: actions.hold(SYSTEM, row), Meeting, id)
    with app.app_context():
        assert meeting().status == "announced"
    go_to(begins + 24 * HOUR)
    run_as("eva", lambda _person, row: actions.hold(SYSTEM, row), Meeting, id)
    with app.app_context():
        assert meeting().status == "held"


def test_its_programme_begins_in_the_morning(excursion: str, ask: Any, read: Any) -> None:
    assert "Gebruikelijke dag invullen" in read("eva", f"{excursion}/agenda")
    ask("eva", "post", f"/api/v1{excursion}/usual-day")
    rows = ask("anna", "get", f"/api/v1{excursion}/agenda").json["items"]
    assert (rows[0]["starts"][:16], rows[-1]["ends"][:16]) == ("2027-03-27T08:30", "2027-03-27T15:30")
    assert "09.30 tot 10.15 uur" in read("anna", excursion)
