"""Mail about meetings, with the part that puts them in the calendar of the addressee or takes them out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from email.headerregistry import Address
from email.utils import parseaddr
from typing import Any

from flask import current_app
from sqlalchemy import select

from cop import access
from cop.base import calendars, email, words
from cop.base.calendars import Item, Method, Status
from cop.base.db import db
from cop.base.email import CalendarPart, Email
from cop.base.words import _
from cop.meetings.guests import addresses
from cop.meetings.models import Invitee, Meeting, MeetingDay, answer_token, days_of, invitee_of, is_invited
from cop.society.people import GUEST, Person
from cop.society.programmes import Programme

ATTENDANCE: dict[str, Status] = {"yes": "ACCEPTED", "maybe": "TENTATIVE", "no": "DECLINED"}
# With a link by which the addressee answers.
email.holds_secret(
    *(
        f"meetings/{kind}"
        for kind in (
            "announced",
            "moved",
            "answer",
            "seat",
            "address",
            "reminder",
            "asked",
            "handed_over",
            "instead",
            "offer",
        )
    )
)
# Without the new state of the meeting: they only take it out of a calendar.
LEAVING = ("meetings/left", "meetings/former_address")
UNINVITED = "meetings/uninvited"  # to a guest who is none any more


def described(purpose: str, online: bool, url: str, days: Sequence[MeetingDay] = ()) -> str:
    """Return the description of a meeting in calendars; without its video link, for files are passed on.

    days: of a meeting of several, whose hours its one item does not tell.
    """
    link = _("Online. De link staat vanaf een dag ervoor op de pagina van de bijeenkomst.") if online else ""
    hours = "\n".join(_hours(one) for one in days if len(days) > 1)
    return "\n\n".join(part for part in (hours, purpose, link, url) if part)


def _hours(day: MeetingDay) -> str:
    date = words.day(day.starts)
    if day.all_day:
        return _("%(day)s, hele dag", day=date)
    return _("%(day)s, %(begin)s tot %(end)s uur", day=date, begin=words.hour(day.starts), end=words.hour(day.ends))


def item_of(meeting: Meeting, sequence: int, stamp: datetime, guest: bool = False) -> Item:
    """Return a meeting as an item of a calendar; that of a guest does not name the page, which they cannot open."""
    url = "" if guest else f"{current_app.config['COP'].base_url}{meeting.url}"
    return Item(
        uid=meeting.uid,
        sequence=sequence,
        stamp=stamp,
        starts=meeting.starts,
        ends=meeting.ends,
        title=meeting.title,
        place=meeting.venue,
        text=described(meeting.purpose, bool(meeting.video_url), url, days_of(meeting)),
        url=url,
    )


class Mailing:
    """Mails about one change of a meeting; their calendar part is made once and shared."""

    def __init__(self, meeting: Meeting, kind: str, *, sequence: int, stamp: datetime, **about: Any):
        self.meeting, self.sequence, self.stamp = meeting, sequence, stamp
        self.parts: dict[tuple[Method, bool], CalendarPart] = {}
        self.guests: dict[int, str] | None = None  # their addresses, read for the first of them
        self.emails: list[Email] = []
        audience = access.audience(access.SYSTEM, meeting.audience_id)
        programme = db.session.get(Programme, audience.programme_id)
        about |= {"meeting": meeting, "dates": days_of(meeting), "audience": audience, "programme": programme}
        self.serial = email.Serial(f"meetings/{kind}", **about)
        own_name, _own = parseaddr(current_app.config["COP"].mail_from)
        sender = str(Address(own_name, addr_spec=meeting.organizer))
        thread = email.thread_id("meeting", meeting.id)
        self.sender_name = own_name
        self.headers = {"From": sender, "Reply-To": sender, "In-Reply-To": thread, "References": thread}

    def add(self, invitee: Invitee, person: Person, method: Method | None, address: str | None = None) -> None:
        """Write to a person; `method` puts the meeting in their calendar, takes it out, or is none.

        address: where to, by default that of the person.
        """
        if not person.is_active:
            return
        part, guest = None, person.state == GUEST
        if guest and self.guests is None:
            self.guests = addresses(self.meeting.id)
        if guest and address is None:
            address = (self.guests or {})[person.id]
        if method is not None:
            part = self._part(method, guest)
            invitee.has_item, invitee.sent_sequence = method == "REQUEST", self.sequence
        current = invitee.answers(self.meeting)  # one to an earlier time is none for a calendar
        holds_secret = self.serial.kind in email.SECRETS
        self.emails.append(
            self.serial.compose(
                to=address or person.mail,
                name=person.name,
                language=person.language,
                personal={"secret": answer_token(self.meeting.id, person.id) if holds_secret else ""},
                shared={"answer": invitee.answer, "current": current, "guest": guest},
                person_id=person.id,
                headers=self.headers,
                calendar=part,
                attendance=None if part is None else ATTENDANCE.get(invitee.answer if current else "", "NEEDS-ACTION"),
            )
        )

    def _part(self, method: Method, guest: bool) -> CalendarPart:
        if (method, guest) not in self.parts:
            item = item_of(self.meeting, self.sequence, self.stamp, guest)
            file = calendars.invitation(item, method, self.meeting.organizer, self.sender_name)
            part = CalendarPart(uid=self.meeting.uid, sequence=self.sequence, method=method, text=file)
            self.parts[method, guest] = part
        return self.parts[method, guest]

    def enqueue(self) -> None:
        """Enqueue the mails, in the running transaction."""
        email.enqueue_all(self.emails)


def write(
    kind: str,
    meeting: Meeting,
    invitee: Invitee,
    method: Method | None,
    *,
    sequence: int,
    stamp: datetime,
    address: str | None = None,
    **about: Any,
) -> None:
    """Enqueue a mail about a meeting to one person, at their own address unless another is given."""
    mailing = Mailing(meeting, kind, sequence=sequence, stamp=stamp, **about)
    mailing.add(invitee, db.session.get_one(Person, invitee.person_id), method, address)
    mailing.enqueue()


def people_of(invitees: Iterable[Invitee]) -> dict[int, Person]:
    """Return the people of invitations by id, in one query."""
    ids = [one.person_id for one in invitees]
    found = db.session.scalars(select(Person).where(Person.id.in_(ids)))
    return {person.id: person for person in found}


@email.only_if("meetings/")
def still_true(mail: Email) -> bool:
    """Return whether a mail still says what is true when it is sent.

    Its reader may have lost access, and a meeting that was moved or cancelled meanwhile has a newer mail.
    """
    if mail.kind == UNINVITED:
        return True
    person = db.session.get(Person, mail.person_id)
    id = email.thing_of(mail, "meeting")
    meeting = db.session.get(Meeting, id) if id is not None else None
    if person is None or meeting is None or not person.is_active:
        return False
    if mail.kind in LEAVING:
        return True
    access.drop_cached_rights(person)
    if not is_invited(person, meeting):
        return False
    if mail.kind == "meetings/offer":
        invitee = invitee_of(meeting.id, person.id)
        return meeting.answerable and invitee is not None and invitee.is_offered
    if mail.kind in ("meetings/reminder", "meetings/asked"):
        return meeting.answerable
    return mail.calendar is None or mail.calendar.sequence >= meeting.time_sequence
