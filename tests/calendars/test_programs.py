"""What calendar programs make of the files: each day of a feed, mails in any order, and nobody's address but one's own."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from types import SimpleNamespace
from typing import Any

import pytest
from icalendar import Calendar, vText

from cop.base import calendars, clock, jobs
from cop.base.calendars import Item
from cop.calendars.feeds import day_items
from cop.meetings.models import MeetingDay
from tests.conftest import go_to
from tests.meetings.conftest import HOUR, NOW
from tests.meetings.test_instants import JS, ZONES
from tests.product import MailServer

STAMP = datetime(2017, 3, 1, 8, tzinfo=UTC)
# The first of three days, on the clocks of Amsterdam: over both changes, in the year of the demo and in a later one.
FIRST_DAYS = (datetime(2017, 3, 25), datetime(2017, 10, 28), datetime(2027, 3, 27), datetime(2027, 10, 30))


def row(**given: Any) -> Any:
    usual = {"id": 7, "uid": "meeting-7@localhost", "time_sequence": 3, "stamp": STAMP, "title": "Reis"}
    return SimpleNamespace(**{**usual, "venue": "Proefdam", "purpose": "", "online": False, **given})


def days_from(first: datetime) -> list[MeetingDay]:
    """Return three days from 9.30 to 17.00 on the wall."""
    begins = [first + timedelta(days=n, hours=9, minutes=30) for n in range(3)]
    return [MeetingDay(*map(clock.from_local, (begin, begin + 7.5 * HOUR))) for begin in begins]


def feed_from(first: datetime) -> bytes:
    return calendars.published("Mijn", [(item, STAMP) for item in day_items(row(), days_from(first))])


@pytest.mark.parametrize("first", FIRST_DAYS)
def test_each_day_of_a_feed_is_at_the_hour_on_the_wall(app: Any, first: datetime) -> None:
    with app.app_context():
        file = feed_from(first)
    events = Calendar.from_ical(file).walk("VEVENT")
    found = [MeetingDay(event.decoded("DTSTART"), event.decoded("DTEND")) for event in events]
    assert found == days_from(first)
    assert file.count(b"T093000") == file.count(b"T170000") == 3
    assert file.count(b"BEGIN:VTIMEZONE") == 1


@pytest.mark.skipif(not (JS / "node_modules/ical.js").exists(), reason="needs the packages of tests/js")
@pytest.mark.parametrize("zone", ZONES)
def test_other_programs_read_the_same_days(app: Any, zone: str) -> None:
    with app.app_context():
        files = [feed_from(first).decode() for first in FIRST_DAYS]
    done = subprocess.run(
        ["node", "calendar-instants.js"],
        cwd=JS,
        env={**os.environ, "TZ": zone},
        input=json.dumps(files),
        capture_output=True,
        text=True,
        check=True,
    )
    expected = [[int(moment.timestamp() * 1000) for day in days_from(first) for moment in day] for first in FIRST_DAYS]
    assert json.loads(done.stdout) == [[one, one] for one in expected]


@pytest.mark.parametrize("words", ['Kring "Oost", deel; 2', "🎉 Ünï", "x" * 1000, "a\0b\x0b", "regel\r\nEND:VCALENDAR"])
def test_names_stay_in_their_line(app: Any, words: str) -> None:
    with app.app_context():
        items = day_items(row(title=words, venue=words, purpose=words), days_from(FIRST_DAYS[0]))
        file = calendars.published(words, [(item, STAMP) for item in items])
    assert file.count(b"\n") == file.count(b"\r\n")
    assert all(len(line) <= 75 for line in file.split(b"\r\n"))
    assert not set(file) & {0, 11}
    calendar = Calendar.from_ical(file)
    assert len(calendar.walk("VEVENT")) == 3
    name = " ".join(words.replace("\0", "").replace("\x0b", "").split())
    for key in ("NAME", "X-WR-CALNAME"):
        assert str(calendar[key]) == vText(name).to_ical().decode(), "escaped as any text"


def test_mails_in_any_order_give_one_item(meeting: Any, ask: Any, mails: Any) -> None:
    """A program keeps the newest message about an item, by its number and then its moment."""
    go_to(NOW + HOUR)
    ask("anna", "put", f"{meeting.api}/answer", answer="yes")
    go_to(NOW + 2 * HOUR)
    ask("eva", "put", f"{meeting.api}/moving", starts="2027-03-31T09:30", ends="2027-03-31T15:30")
    moved = clock.from_local(datetime(2027, 3, 31, 9, 30))
    go_to(NOW + 3 * HOUR)
    ask("eva", "put", f"{meeting.api}/cancellation", reason="Storm")
    received = [mail.item for mail in mails("anna")]
    assert [item.method for item in received] == ["REQUEST", "REQUEST", "REQUEST", "CANCEL"]
    assert [item.partstat for item in received[:3]] == ["NEEDS-ACTION", "ACCEPTED", "NEEDS-ACTION"]
    for last, expected in ((2, "CONFIRMED"), (3, "CANCELLED")):
        for order in permutations(received[: last + 1]):
            kept = replayed(order)
            assert list(kept) == [received[0].uid]
            (item,) = kept.values()
            assert (item.starts, item.status, item is received[last]) == (moved, expected, True)


def replayed(order: Any) -> dict[str, Any]:
    """Return the items of a calendar that got these messages."""
    kept: dict[str, Any] = {}
    for item in order:
        known = kept.get(item.uid)
        if known is None or (known.sequence, known.stamp) < (item.sequence, item.stamp):
            kept[item.uid] = item
    return kept


def test_no_file_of_five_hundred_has_the_address_of_another() -> None:
    item = Item("meeting-7@localhost", 1, STAMP, NOW, NOW + HOUR, "Titel", "Zaal", "Tekst", "https://x/meetings/7")
    one = calendars.invitation(item, "REQUEST", "post@localhost", "Praktijk")
    for number in range(500):
        file = calendars.with_attendee(one, f"lid{number}@proef.example", f"Lid {number}", "NEEDS-ACTION")
        whole = file.replace(b"\r\n ", b"")
        assert whole.count(b"mailto:") == 2, "hers, and that from which it is mailed"
        assert whole.count(b"@proef.example") == whole.count(f":mailto:lid{number}@proef.example".encode()) == 1


@pytest.fixture
def post(app: Any) -> Iterator[MailServer]:
    """Start a mail server to which the product sends."""
    server, was = MailServer(), app.config["COP"]
    server.server.start()
    app.config["COP"] = replace(was, smtp_url=f"smtp://127.0.0.1:{server.server.port}")
    yield server
    app.config["COP"] = was
    server.server.stop()


def test_the_file_is_the_same_behind_a_mail_server(meeting: Any, mails: Any, app: Any, post: MailServer) -> None:
    with app.app_context():
        jobs.run_due()
    received = post.wait("anna@proef.example", "Uitnodiging")
    (part,) = [part for part in received.walk() if part.get_content_type() == "text/calendar"]
    assert part.get_payload(decode=True) == mails("anna")[0].item.raw
