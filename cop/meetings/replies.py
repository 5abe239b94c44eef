"""Answers that calendar programs mail: whose they are, about which time, and what becomes of them."""

from __future__ import annotations

import re
from datetime import datetime
from email.message import Message
from email.utils import parseaddr
from typing import Literal

from sqlalchemy import select

from cop import access
from cop.base import clock
from cop.base.action import transaction
from cop.base.calendars import Reply, read_reply
from cop.base.db import db
from cop.base.mail_addresses import comparable
from cop.meetings import actions
from cop.meetings.guests import guest_at
from cop.meetings.mailing import write
from cop.meetings.models import Answer, Invitee, Meeting, invitee_of, is_invited
from cop.society.people import Person, by_mail

# answered: taken as the answer · asked: the person got a mail with the buttons, for the sender may be somebody else, or
# the answer was about a time that has changed · late: a newer answer is known, or answering is over · foreign: about no
# meeting of here, or by nobody who is invited · none: no answer at all
Outcome = Literal["answered", "asked", "late", "foreign", "none"]

ANSWERS: dict[str, Answer] = {"ACCEPTED": "yes", "TENTATIVE": "maybe", "DECLINED": "no"}
LONGEST_REMARK = 1000
FORGED = re.compile(r"\bdmarc\s*=\s*fail\b", re.I)


def take(mail: Message, received: datetime | None = None) -> Outcome:
    """Take the answer in a mail, if there is one, in a transaction of its own; return what became of it.

    It counts when the attendee and the sender are the same invited person. Otherwise whoever is invited is asked by mail
    and nothing changes: a sender can be forged, and an invitation passed on (RFC 6047).
    """
    reply = read_reply(mail)
    if reply is None or str(mail.get("Auto-Submitted", "no")).strip().lower().startswith("auto-replied"):
        return "none"
    received = received or clock.now()
    with transaction():
        meeting = db.session.scalar(select(Meeting).where(Meeting.uid == reply.uid))
        if meeting is None:
            return "foreign"
        sender, attendee = (
            _person(meeting, address) for address in (parseaddr(str(mail.get("From", "")))[1], reply.attendee)
        )
        invited = {person.id: person for person in (sender, attendee) if person and _is_invited(meeting, person)}
        if not invited:
            return "foreign"
        known = attendee is not None and sender is attendee and attendee.id in invited and not _is_forged(mail)
        person = invited.get(attendee.id if attendee else 0) or next(iter(invited.values()))
        return _take(reply, meeting, person, received, known)


def _take(reply: Reply, meeting: Meeting, person: Person, received: datetime, known: bool) -> Outcome:
    invitee = invitee_of(meeting.id, person.id)
    given = min(reply.stamp or received, received)
    if invitee is None or not meeting.answerable or (invitee.answered is not None and given < invitee.answered):
        return "late"
    earlier_time = _is_about_an_earlier_time(reply, meeting)
    if not known or earlier_time:
        _ask(meeting, invitee, "time" if known else "sender")
        return "asked"
    given_remark = {"remark": reply.comment[:LONGEST_REMARK]} if reply.comment else {}
    actions.rsvp(person, meeting, answer=ANSWERS[reply.answer], **given_remark)
    return "answered"


def _person(meeting: Meeting, address: str) -> Person | None:
    """Return the guest of the meeting with this address, else whoever on the platform has it."""
    if not comparable(address):
        return None
    guest = guest_at(meeting.id, address)
    return by_mail(address) if guest is None else db.session.get_one(Person, guest.person_id)


def _is_invited(meeting: Meeting, person: Person) -> bool:
    access.drop_cached_rights(person)
    return person.is_active and is_invited(person, meeting) and invitee_of(meeting.id, person.id) is not None


def _is_forged(mail: Message) -> bool:
    return any(FORGED.search(str(value)) for value in mail.get_all("Authentication-Results", []))


def _is_about_an_earlier_time(reply: Reply, meeting: Meeting) -> bool:
    """Return whether the answer was given to a time that has changed since; some programs leave its number out."""
    if reply.sequence is not None:
        return reply.sequence < meeting.time_sequence
    return reply.starts is not None and reply.starts != meeting.starts


def _ask(meeting: Meeting, invitee: Invitee, why: Literal["sender", "time"]) -> None:
    """Mail an invited person the buttons to answer with, and why their answer was not taken."""
    write("asked", meeting, invitee, None, sequence=meeting.sequence, stamp=clock.now(), why=why)
