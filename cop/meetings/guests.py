"""Guests: people whom the team or the host of a meeting invites by mail, without an account."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ForeignKey, func, select
from sqlalchemy.orm import Mapped, mapped_column

from cop.base import clock
from cop.base.db import Base, db
from cop.base.mail_addresses import comparable
from cop.society.people import GUEST, Person

MOST = 50  # of one meeting
KEPT = timedelta(days=30)  # after the end of the meeting


class MeetingGuest(Base):
    """What is known of a guest besides the name: where they are mailed, and their organisation in words.

    Their row of `person` is of this meeting alone and has a placeholder as its address, so that nothing that looks up
    people by address finds them, whether or not somebody on the platform has the same.
    """

    __tablename__ = "meeting_guest"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), index=True)
    mail: Mapped[str]
    organisation: Mapped[str] = mapped_column(default="")
    invited_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    made: Mapped[datetime] = mapped_column(default=clock.now)


class ListedGuest(NamedTuple):
    """A guest with their answer, for the team and the host.

    mail_state: of the last mail to their present address: bounced where it was refused, delayed while it is tried again.
    """

    person: int
    name: str
    mail: str
    organisation: str
    answer: str
    mail_state: str


def new_person(name: str) -> Person:
    """Add the person of a guest, who can never sign in."""
    person = Person(mail=f"{secrets.token_hex(16)}@guest.invalid", name=name, state=GUEST)
    db.session.add(person)
    db.session.flush()
    return person


def guest_of(meeting_id: int, person_id: int) -> MeetingGuest | None:
    """Return a guest of a meeting, None for others."""
    found = select(MeetingGuest).where(MeetingGuest.meeting_id == meeting_id, MeetingGuest.person_id == person_id)
    return db.session.scalar(found)


def guest_at(meeting_id: int, mail: str) -> MeetingGuest | None:
    """Return the guest of a meeting with this address, ignoring case."""
    same = func.lower(MeetingGuest.mail) == comparable(mail)
    return db.session.scalar(select(MeetingGuest).where(MeetingGuest.meeting_id == meeting_id, same))


def addresses(meeting_id: int) -> dict[int, str]:
    """Return the addresses of the guests of a meeting, by the id of their person."""
    found = select(MeetingGuest.person_id, MeetingGuest.mail).where(MeetingGuest.meeting_id == meeting_id)
    return {row.person_id: row.mail for row in db.session.execute(found)}


def count_of(meeting_id: int) -> int:
    """Return how many guests a meeting has."""
    here = select(func.count()).select_from(MeetingGuest).where(MeetingGuest.meeting_id == meeting_id)
    return db.session.scalar(here) or 0


def is_guest(id: Any) -> Any:
    """Return the condition that a person, given by the column of their id, is a guest."""
    return id.in_(select(Person.id).where(Person.state == GUEST))
