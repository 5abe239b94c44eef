"""Invitations for calendar programs (RFC 5545, RFC 5546).

The library's own time zones (`from_tzid`, `add_missing_timezones`) list every change of the clock; programs read the first
one only and show summer meetings an hour late. `TIMEZONE` says the rule instead.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.message import Message
from typing import Any, Literal, NamedTuple, cast

from icalendar import Calendar, Component, Event, Timezone, vCalAddress, vDuration, vText
from icalendar.parser import Contentline, Parameters

from cop.base import clock

Method = Literal["REQUEST", "CANCEL"]
Status = Literal["NEEDS-ACTION", "ACCEPTED", "TENTATIVE", "DECLINED"]
REFRESH = timedelta(hours=1)  # how often programs are asked to fetch a feed; most do so less often
CALENDAR_TYPES = ("text/calendar", "application/ics")
PRODUCT = "-//cop//meetings//NL"
TIMEZONE = "\r\n".join(
    (
        "BEGIN:VTIMEZONE",
        "TZID:Europe/Amsterdam",
        "BEGIN:DAYLIGHT",
        "DTSTART:19700329T020000",
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
        "TZNAME:CEST",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0200",
        "END:DAYLIGHT",
        "BEGIN:STANDARD",
        "DTSTART:19701025T030000",
        "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
        "TZNAME:CET",
        "TZOFFSETFROM:+0200",
        "TZOFFSETTO:+0100",
        "END:STANDARD",
        "END:VTIMEZONE",
        "",
    )
)
END = b"END:VEVENT\r\n"
CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f]")  # the library writes them as they are


@dataclass(frozen=True)
class Item:
    """An item of a calendar; `stamp` is the moment of its last change, never that of writing the file.

    One from midnight to midnight is written as whole days, which have no time zone.
    """

    uid: str
    sequence: int
    stamp: datetime
    starts: datetime
    ends: datetime
    title: str
    place: str
    text: str
    url: str


def invitation(item: Item, method: Method, organizer: str, name: str = "") -> str:
    """Return the file that puts an item in a calendar or takes it out, without an attendee.

    organizer: the bare address from which it is mailed, or programs refuse it.
    """
    calendar = _calendar()
    calendar.add("method", method)
    event = _event(item)
    event.add("status", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    event["organizer"] = _address(organizer, name)
    calendar.add_component(event)
    return str(calendar.to_ical().decode())


def published(name: str, items: Iterable[tuple[Item, datetime]]) -> bytes:
    """Return the file of a calendar to subscribe to; items come with the moment of their last change.

    It names no organizer and no attendee: some programs would mail them.
    """
    calendar = _calendar()
    calendar.add("method", "PUBLISH")
    for key in ("name", "x-wr-calname"):
        calendar.add(key, vText(" ".join(_clean(name).split())))  # without the type the library escapes nothing
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})  # the library leaves the type out
    calendar.add("x-published-ttl", vDuration(REFRESH))
    for item, changed in items:
        event = _event(item)
        event.add("last-modified", changed)
        event.add("status", "CONFIRMED")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def with_attendee(file: str, address: str, name: str, status: Status) -> bytes:
    """Return an invitation with its only attendee: every addressee gets a file without the addresses of the others."""
    who = _address(address, name)
    who.params["ROLE"] = "REQ-PARTICIPANT"
    who.params["PARTSTAT"] = status
    if status == "NEEDS-ACTION":
        who.params["RSVP"] = "TRUE"
    line = Contentline.from_parts("ATTENDEE", Parameters(who.params), who).to_ical()
    before, end, after = file.encode().rpartition(END)
    return bytes(before + line + b"\r\n" + end + after)


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add_component(_timezone())
    return calendar


def _timezone() -> Component:
    return Timezone.from_ical(TIMEZONE)


def _event(item: Item) -> Event:
    event = Event()
    event.add("uid", item.uid)
    event.add("sequence", item.sequence)
    event.add("dtstamp", item.stamp)
    if whole := clock.whole_days(item.starts, item.ends):
        first, last = whole
        event.add("dtstart", first)
        event.add("dtend", last + timedelta(days=1))  # the day after the last
    else:
        # With the named zone, not its offset: the library would call that zone UTC+02:00.
        event.add("dtstart", clock.local(item.starts))
        event.add("dtend", clock.local(item.ends))
    event.add("summary", _clean(item.title))
    if item.place:
        event.add("location", _clean(item.place))
    event.add("description", _clean(item.text))
    if item.url:
        event.add("url", item.url)
    return event


def _address(address: str, name: str) -> vCalAddress:
    found = vCalAddress(f"mailto:{address}")
    if name:
        found.params["CN"] = " ".join(_clean(name).replace('"', "’").split())
    return found


def _clean(words: str) -> str:
    return CONTROLS.sub("", words.replace("\r\n", "\n").replace("\r", "\n"))


class Reply(NamedTuple):
    """An answer to an invitation, as the calendar program of an attendee mails it; what programs leave out is None.

    attendee: a bare address in lower case. counter: they propose another time.
    """

    uid: str
    attendee: str
    answer: Status
    sequence: int | None
    stamp: datetime | None
    starts: datetime | None
    comment: str
    counter: bool


def read_reply(mail: Message) -> Reply | None:
    """Return the answer in a mail, at whatever depth it stands; None without one that is whole and of one person.

    The organizer is not looked at: Exchange leaves it out.
    """
    for part in mail.walk():
        content = part.get_payload(decode=True)
        if part.get_content_type() in CALENDAR_TYPES and isinstance(content, bytes):
            found = _reply_of(content.removeprefix(codecs.BOM_UTF8).strip())
            if found is not None:
                return found
    return None


def _reply_of(content: bytes) -> Reply | None:
    if not content.upper().endswith(b"END:VCALENDAR"):  # the library reads a file that was cut too
        return None
    try:
        calendar = Calendar.from_ical(content)
        method, events = str(calendar.get("method", "")).upper(), calendar.walk("VEVENT")
        if method not in ("REPLY", "COUNTER") or len(events) != 1:
            return None
        (event,) = events
        attendee, uid = event.get("attendee"), str(event.get("uid", ""))
        if attendee is None or isinstance(attendee, list) or not uid:
            return None
        answer = str(attendee.params.get("PARTSTAT", "")).upper()
        if method == "COUNTER":
            answer = "TENTATIVE"
        if answer not in ("ACCEPTED", "TENTATIVE", "DECLINED"):
            return None
        comment = event.get("comment", "")
        return Reply(
            uid=uid,
            attendee=re.sub("(?i)^mailto:", "", str(attendee)).strip().lower(),
            answer=cast(Status, answer),
            sequence=_number(event.get("sequence")),
            stamp=_moment(event.get("dtstamp")),
            starts=_moment(event.get("dtstart")),
            comment=_clean(" ".join(map(str, comment)) if isinstance(comment, list) else str(comment)).strip(),
            counter=method == "COUNTER",
        )
    except (ValueError, AttributeError, LookupError):  # what the library makes of a file that is none
        return None


def _number(value: object) -> int | None:
    try:
        return int(value)  # type: ignore[call-overload, no-any-return]
    except (TypeError, ValueError):
        return None


def _moment(value: Any) -> datetime | None:
    """Return a moment of a file in UTC, that at which a whole day begins, None for one without a zone."""
    found = getattr(value, "dt", None)
    if isinstance(found, date) and not isinstance(found, datetime):
        return clock.midnight(found)
    return found.astimezone(UTC) if isinstance(found, datetime) and found.tzinfo is not None else None
