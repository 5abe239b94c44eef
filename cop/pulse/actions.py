"""Verbs of the questions after a meeting: send them or not, answer them, and end that."""

from __future__ import annotations

from datetime import timedelta
from secrets import token_hex

from sqlalchemy import delete, insert, select

from cop import access
from cop.base import clock
from cop.base.action import action, detail
from cop.base.db import db
from cop.base.errors import Conflict, Forbidden
from cop.base.words import _
from cop.meetings.models import Meeting
from cop.pulse.mailing import write
from cop.pulse.models import DAYS, Pulse, PulseAnswer, Useful, answer_of, keys_of, lock, over, people_there, was_there
from cop.society.people import Person


@action("pulse.ask")
def ask(person: Person, meeting: Meeting) -> Pulse:
    """Mail the questions to everybody who was there, once.

    The platform leaves out what the team turned off. Raise Conflict before the end of the meeting, when they were sent
    already, and when nobody was there.
    """
    pulse = _unsent(meeting)
    if pulse.off and person is access.SYSTEM:
        return pulse
    people = people_there(meeting)
    if not people:
        raise Conflict(_("Er is niemand om de vragen aan te stellen: niemand was er, of had zich aangemeld."))
    pulse.off, pulse.sent, pulse.asked = False, clock.now(), len(people)
    pulse.closes = clock.today() + timedelta(days=DAYS)
    write(meeting, pulse, people)
    detail(people=len(people))
    return pulse


@action("pulse.skip")
def skip(person: Person, meeting: Meeting) -> Pulse:
    """Do not send the questions by themselves. Raise Conflict when they were sent already."""
    pulse = _unsent(meeting)
    pulse.off = True
    return pulse


@action("pulse.resume")
def resume(person: Person, meeting: Meeting) -> Pulse:
    """Send the questions by themselves after all. Raise Conflict when they were sent already."""
    pulse = _unsent(meeting)
    pulse.off = False
    return pulse


def _unsent(meeting: Meeting) -> Pulse:
    if not over(meeting):
        raise Conflict(_("De bijeenkomst is nog niet voorbij."))
    pulse = lock(meeting)
    if pulse.sent is not None:
        raise Conflict(_("De vragen zijn al verstuurd."))
    return pulse


@action("pulse.answer", quiet=True)
def answer(person: Person, meeting: Meeting, *, useful: Useful, takes: str = "", wants: str = "") -> PulseAnswer:
    """Answer the questions, or change the answer. Quiet: the journal would tell who answered, and when.

    Raise Forbidden for somebody who was not there, Conflict when the questions are closed.
    """
    _open(meeting)
    if not was_there(person, meeting):
        raise Forbidden(_("Alleen wie erbij was, kan deze vragen beantwoorden."))
    stored = answer_of(meeting.id, person.id)
    if stored is None:
        stored = PulseAnswer(key=keys_of(meeting.id, person.id)[-1], meeting_id=meeting.id)
        db.session.add(stored)
    stored.useful, stored.takes, stored.wants = useful, takes, wants
    return stored


@action("pulse.withdraw", quiet=True)
def withdraw(person: Person, meeting: Meeting) -> None:
    """Delete the answer of a person, where there is one. Raise Conflict when the questions are closed."""
    _open(meeting)
    db.session.execute(delete(PulseAnswer).where(PulseAnswer.key.in_(keys_of(meeting.id, person.id))))


def _open(meeting: Meeting) -> None:
    if not lock(meeting).answerable:
        raise Conflict(_("Antwoorden kan niet meer: de vragen zijn gesloten."))


@action("pulse.close")
def close(person: Person, meeting: Meeting) -> None:
    """Make the answers untraceable once they cannot be changed: each is stored anew under a random key.

    All rows are deleted and written again in the order of those keys, so that the database keeps no order either.
    """
    pulse = lock(meeting)
    if pulse.sealed or not pulse.closed:
        return
    rows = db.session.scalars(select(PulseAnswer).where(PulseAnswer.meeting_id == meeting.id)).all()
    names = ("meeting_id", "useful", "takes", "wants", "mark")
    anew = [{"key": token_hex(32), **{name: getattr(row, name) for name in names}} for row in rows]
    db.session.execute(delete(PulseAnswer).where(PulseAnswer.meeting_id == meeting.id))
    if anew:
        db.session.execute(insert(PulseAnswer), sorted(anew, key=lambda row: row["key"]))
    pulse.sealed = True
    detail(answers=len(anew))
