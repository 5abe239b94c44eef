"""Invitations: the same moments as in Amsterdam, one attendee, and no text that breaks out of its line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from dateutil.rrule import rrulestr
from icalendar import Calendar

from cop.base import calendars, clock
from cop.base.calendars import Item

STAMP = datetime(2027, 1, 1, tzinfo=UTC)
START = datetime(2027, 3, 26, 8, 30, tzinfo=UTC)


def item(**given: Any) -> Item:
    usual = {"uid": "meeting-1@x", "sequence": 3, "stamp": STAMP, "starts": START, "ends": START + timedelta(hours=2)}
    return Item(**{**usual, "title": "Titel", "place": "", "text": "Tekst", "url": "https://x/meetings/1", **given})


def event(file: bytes | str) -> Any:
    (found,) = Calendar.from_ical(file).walk("VEVENT")
    return found


def test_the_time_zone_is_that_of_amsterdam() -> None:
    """The rules of the constant give the changes of the clock that zoneinfo knows, each to the hour."""
    (zone,) = Calendar.from_ical(calendars.invitation(item(), "REQUEST", "a@x.example")).walk("VTIMEZONE")
    for part in zone.subcomponents:
        before, after = part["TZOFFSETFROM"].td, part["TZOFFSETTO"].td
        rule = rrulestr(part["RRULE"].to_ical().decode(), dtstart=part.decoded("DTSTART"))
        for change in rule.between(datetime(2017, 1, 1), datetime(2060, 1, 1)):
            moment = (change - before).replace(tzinfo=UTC)
            assert clock.local(moment).utcoffset() == after, moment
            assert clock.local(moment - timedelta(seconds=1)).utcoffset() == before, moment


@pytest.mark.parametrize(
    "day", [datetime(2027, 3, 27), datetime(2027, 3, 29), datetime(2027, 10, 30), datetime(2027, 11, 1)]
)
def test_an_item_is_at_the_hour_on_the_wall(day: datetime) -> None:
    starts = clock.from_local(day.replace(hour=9, minute=30))
    file = calendars.invitation(item(starts=starts, ends=starts + timedelta(hours=1)), "REQUEST", "a@x.example")
    assert f"DTSTART;TZID=Europe/Amsterdam:{day:%Y%m%d}T093000" in file
    assert event(file).decoded("DTSTART").astimezone(UTC) == starts


@pytest.mark.parametrize(
    "words",
    [
        'Anna "de" Boer, voorzitter; x',
        "🎉 Ünï",
        "x" * 1000,
        "a\0b\x0b",
        "regel\r\nATTENDEE:mailto:x@x.example\r\nEND:VEVENT",
    ],
)
def test_words_stay_in_their_line(words: str) -> None:
    file = calendars.invitation(item(title=words, place=words, text=words), "REQUEST", "a@x.example", words)
    whole = calendars.with_attendee(file, "anna@x.example", words, "NEEDS-ACTION")
    found = event(whole)
    assert whole.count(b"\n") == whole.count(b"\r\n")
    assert all(len(line) <= 75 for line in whole.split(b"\r\n"))
    assert not set(whole) & {0, 11}
    assert str(found["ATTENDEE"]) == "mailto:anna@x.example"
    assert found["ATTENDEE"].params["RSVP"] == "TRUE"
    assert str(found["SUMMARY"]).splitlines() == words.replace("\0", "").replace("\x0b", "").splitlines()
