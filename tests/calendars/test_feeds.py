"""calendar.make, calendar.revoke and the feed itself: a secret address from which calendar programs fetch meetings."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from icalendar import Calendar

from cop.base import calendars, clock
from cop.base.action import transaction
from cop.base.db import db
from cop.calendars.feeds import day_items
from cop.meetings import actions
from cop.meetings.models import Meeting, MeetingDay
from cop.members import actions as members
from cop.society.credentials import end_sessions
from cop.society.memberships import Membership
from cop.society.people import Person
from cop.society.programmes import Community
from tests.conftest import go_to
from tests.meetings.conftest import HOUR, NOW, START

DAY = timedelta(days=1)


@pytest.fixture
def made(ask: Any) -> Any:
    """`made('anna', community='een')`: the path of a new feed."""

    def make(who: str, **given: Any) -> str:
        answer = ask(who, "post", "/api/v1/calendar-feeds", **given)
        assert answer.status_code == 201, answer.text
        return str(answer.json["address"]).removeprefix("http://localhost")

    return make


@pytest.fixture
def fetch(cast: Any) -> Any:
    """`fetch(path, **headers)`: what a calendar program gets, which is not signed in."""

    def get(path: str, method: str = "get", **headers: str) -> Any:
        return getattr(cast.client(None), method)(path, headers={k.replace("_", "-"): v for k, v in headers.items()})

    return get


def titles(answer: Any) -> list[str]:
    assert answer.status_code == 200
    return sorted(str(event["SUMMARY"]) for event in Calendar.from_ical(answer.data).walk("VEVENT"))


def test_works(meeting: Any, cast: Any, read: Any, fetch: Any) -> None:
    assert "8 tot 24 uur" in read("anna", "/calendar-feeds")
    headers = {**cast.api("anna"), "Accept": "text/html"}
    page = cast.client(None).post("/calendar-feeds", data={"community": ""}, headers=headers)
    assert page.status_code == 201
    path = re.findall(r"http://localhost(/calendar/[^<]+\.ics)", page.text)[0]
    assert path not in read("anna", "/calendar-feeds"), "shown once"
    answer = fetch(path)
    assert titles(answer) == ["Plaats maken"]
    assert answer.content_type == "text/calendar; charset=utf-8"
    id = re.findall(r"/calendar-feeds/(\d+)/delete", read("anna", "/calendar-feeds"))[0]
    done = cast.client(None).post(f"/calendar-feeds/{id}/delete", headers=headers)
    assert (done.status_code, done.location) == (303, "/calendar-feeds")
    assert fetch(path).status_code == 404


def test_works_by_api(meeting: Any, ask: Any, fetch: Any, made: Any) -> None:
    path = made("anna", community="een")
    (row,) = ask("anna", "get", "/api/v1/calendar-feeds").json["items"]
    assert row["name"] == "Eerste kring"
    assert "address" not in row
    assert titles(fetch(path)) == ["Plaats maken"]
    assert ask("anna", "delete", f"/api/v1/calendar-feeds/{row['id']}").status_code == 204
    assert ask("anna", "get", "/api/v1/calendar-feeds").json["items"] == []
    assert fetch(path).status_code == 404


def test_stranger_gets_404(ask: Any, made: Any, fetch: Any) -> None:
    path = made("anna")
    (row,) = ask("anna", "get", "/api/v1/calendar-feeds").json["items"]
    assert ask("bram", "delete", f"/api/v1/calendar-feeds/{row['id']}").status_code == 404
    assert ask("bram", "get", "/api/v1/calendar-feeds").json["items"] == []
    assert fetch(path).status_code == 200
    assert fetch(path.replace("/calendar/", "/calendar/x")).status_code == 404


def test_bad_input_names_the_field(ask: Any, cast: Any) -> None:
    for slug in ("twee", "geen"):
        assert set(ask("anna", "post", "/api/v1/calendar-feeds", community=slug).json["errors"]) == {"community"}
    headers = {**cast.api("anna"), "Accept": "text/html"}
    assert cast.client(None).post("/calendar-feeds", data={"community": "twee"}, headers=headers).status_code == 422
    for _one in range(20):
        assert ask("anna", "post", "/api/v1/calendar-feeds").status_code == 201
    assert ask("anna", "post", "/api/v1/calendar-feeds").status_code == 409


def test_is_journalled(made: Any, ask: Any, cast: Any, journal_entries: Any) -> None:
    secret = made("anna").rpartition("/")[2].removesuffix(".ics")
    (row,) = ask("anna", "get", "/api/v1/calendar-feeds").json["items"]
    ask("anna", "delete", f"/api/v1/calendar-feeds/{row['id']}")
    entries = [*journal_entries("calendar.make"), *journal_entries("calendar.revoke")]
    assert [(entry.person_id, entry.details) for entry in entries] == [(cast.anna, {"feed": row["id"]})] * 2
    assert secret not in str([entry.details for entry in entries])


def test_the_file_says_what_calendars_want(meeting: Any, made: Any, fetch: Any, mails: Any) -> None:
    file = fetch(made("anna")).data
    assert b"METHOD:PUBLISH\r\n" in file
    assert b"X-WR-CALNAME:Mijn bijeenkomsten\r\n" in file
    assert b"\r\nNAME:Mijn bijeenkomsten\r\n" in file
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in file
    assert b"X-PUBLISHED-TTL:PT1H\r\n" in file
    for absent in (b"ATTENDEE", b"ORGANIZER", b"video.example", b"VALARM", b"@proef.example"):
        assert absent not in file
    (event,) = Calendar.from_ical(file).walk("VEVENT")
    item = mails("anna")[0].item
    assert (str(event["UID"]), event.decoded("DTSTART")) == (item.uid, item.starts)
    assert event.decoded("DTSTAMP") == item.stamp, "that of the row, not the moment of fetching"


def test_an_unchanged_feed_is_304(meeting: Any, made: Any, fetch: Any, ask: Any) -> None:
    path = made("anna")
    first = fetch(path)
    tag, modified = first.headers["ETag"], first.headers["Last-Modified"]
    go_to(NOW + HOUR)
    for asked in ({"If_None_Match": tag}, {"If_Modified_Since": modified}):
        again = fetch(path, **asked)
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    assert fetch(path, If_Modified_Since="Mon, 01 Mar 2027 07:00:00 GMT").status_code == 200
    head = fetch(path, "head")
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", tag)
    assert fetch(path).data == first.data
    ask("eva", "put", f"{meeting.api}/moving", venue="Elders")
    go_to(NOW + 2 * HOUR)
    for asked in ({"If_None_Match": tag}, {"If_Modified_Since": modified}):
        assert fetch(path, **asked).status_code == 200
    assert fetch(path).headers["ETag"] != tag


def test_what_is_not_to_be_seen_is_left_out(
    meeting: Any, plan: Any, ask: Any, made: Any, fetch: Any, run_as: Any, membership: Any
) -> None:
    plan(title="Een concept")
    path, of_community = made("anna"), made("anna", community="een")
    chris = made("chris")
    assert titles(fetch(path)) == titles(fetch(of_community)) == ["Plaats maken"]
    assert titles(fetch(chris)) == []
    modified = fetch(path).headers["Last-Modified"]
    ask("anna", "put", f"{meeting.api}/answer", answer="no")
    assert titles(fetch(path)) == []
    assert titles(fetch(of_community)) == ["Plaats maken"]
    ask("anna", "put", f"{meeting.api}/answer", answer="yes")
    ask("eva", "put", f"{meeting.api}/cancellation", reason="Storm")
    assert titles(fetch(path)) == titles(fetch(of_community)) == []
    other = plan(title="Nog een")
    ask("eva", "put", f"{other.api}/announcement")
    assert titles(fetch(path)) == ["Nog een"]
    go_to(NOW + HOUR)
    run_as("eva", members.remove, Membership, membership("anna").id)
    gone = fetch(path, If_Modified_Since=modified)
    assert titles(gone) == titles(fetch(of_community)) == [], "what vanished is a change too"


def test_a_feed_ends_with_the_sessions_and_the_account(made: Any, fetch: Any, run_as: Any, cast: Any) -> None:
    path, other = made("anna"), made("bram")
    run_as("eva", lambda _eva, person: end_sessions(person), Person, cast.anna)
    assert fetch(path).status_code == 404
    run_as("eva", _close, Person, cast.bram)
    assert fetch(other).status_code == 404


def _close(_eva: Person, person: Person) -> None:
    person.state = "deactivated"


def test_a_feed_goes_with_its_community(cast: Any, ask: Any, made: Any, fetch: Any) -> None:
    given = {"name": "Derde kring", "slug": "drie"}
    assert ask("fons", "post", "/api/v1/programmes/proef/communities", **given).status_code == 201
    path, all_mine = made("fons", community="drie"), made("fons")
    assert fetch(path).status_code == 200
    assert ask("fons", "delete", "/api/v1/communities/drie").status_code == 204
    assert (fetch(path).status_code, fetch(all_mine).status_code) == (404, 200)


def test_two_hundred_meetings_take_four_statements(
    app: Any, cast: Any, made: Any, fetch: Any, count_statements: Any
) -> None:
    path = made("anna")
    with app.app_context(), transaction():
        eva, one = db.session.get_one(Person, cast.eva), db.session.get_one(Community, cast.one)
        for n in range(200):
            begin = START + timedelta(days=n)
            planned: Meeting = actions.plan(eva, one, title=f"Dag {n}", kind="other", starts=begin, ends=begin + HOUR)
            planned.status, planned.state, planned.stamp = "announced", "live", clock.now()
            planned.uid = f"meeting-{planned.id}@localhost"
    with count_statements() as statements:
        full = fetch(path)
    with count_statements() as again:
        unchanged = fetch(path, If_None_Match=full.headers["ETag"])
    assert (len(titles(full)), unchanged.status_code) == (200, 304)
    assert len(statements) <= 4, statements
    assert len(again) <= 3, again


def test_the_web_server_logs_no_address_of_a_feed() -> None:
    config = (Path(__file__).parents[2] / "deploy/nginx.conf").read_text()
    for path in ("/calendar/", "/api/v1/calendar/"):
        location = config.partition(f"location {path} {{")[2].partition("}")[0]
        assert "access_log off;" in location, path


def test_each_day_of_a_meeting_is_an_item(app: Any, meeting: Any) -> None:
    with app.app_context():
        row: Any = SimpleNamespace(
            id=7,
            uid="meeting-7@localhost",
            time_sequence=3,
            stamp=NOW,
            title="Reis",
            venue="",
            purpose="",
            online=False,
        )
        days = [MeetingDay(START + n * DAY, START + n * DAY + 6 * HOUR) for n in range(3)]
        items = list(day_items(row, days))
        file = calendars.published("Mijn", [(item, NOW) for item in items])
    events = Calendar.from_ical(file).walk("VEVENT")
    assert [str(event["UID"]) for event in events] == [f"meeting-7@localhost{end}" for end in ("", "-d2", "-d3")]
    assert [event.decoded("DTSTART") for event in events] == [day.starts for day in days]
    assert [event.decoded("DTEND") for event in events] == [day.ends for day in days]
    assert [str(event["SUMMARY"]) for event in events] == [f"Reis (dag {n} van 3)" for n in (1, 2, 3)]
    assert {event["SEQUENCE"] for event in events} == {3}
