"""Verbs of rounds: the team or the host starts, closes, reopens and removes one; everybody of the audience answers once."""

from __future__ import annotations

from sqlalchemy import func, select

from cop.base import clock
from cop.base.action import action, detail
from cop.base.db import db
from cop.base.errors import Conflict, Forbidden
from cop.base.words import _
from cop.meeting_rooms.actions.opening import lock
from cop.meeting_rooms.events import RoundChanged
from cop.meeting_rooms.models import (
    MARKED,
    MOST,
    MeetingRound,
    RoundAnswer,
    Shown,
    next_version,
    open_for_adding,
)
from cop.meetings.models import Meeting, prepares
from cop.society.people import Person


@action("rounds.start", event=RoundChanged)
def start(person: Person, meeting: Meeting, *, prompt: str, shown: Shown = "at_once") -> MeetingRound:
    """Start a round in a meeting: one question, which everybody answers once. The team and the host do.

    Raise Conflict while another one is open, or when the meeting is not under way.
    """
    _require_leader(person, meeting)
    lock(meeting)
    if not open_for_adding(meeting):
        raise Conflict(_("Een rondje kan van een uur voor het begin van de bijeenkomst tot twee weken erna."))
    _require_none_open(meeting)
    number = select(func.count()).select_from(MeetingRound).where(MeetingRound.meeting_id == meeting.id)
    if (db.session.scalar(number) or 0) >= MOST:
        raise Conflict(_("Deze bijeenkomst heeft al %(n)s rondjes.", n=MOST))
    round = MeetingRound(meeting_id=meeting.id, started_by=person.id, prompt=prompt, shown=shown)
    db.session.add(round)
    db.session.flush()
    detail(round=round.id, meeting=round.meeting_id)
    return round


@action("rounds.answer", event=RoundChanged)
def answer(person: Person, round: MeetingRound, *, text: str) -> MeetingRound:
    """Answer a round, or correct one's answer. Raise Conflict when it is closed."""
    _change(round, open=True)
    found = db.session.get(RoundAnswer, (round.id, person.id), populate_existing=True)
    if found is None:
        db.session.add(RoundAnswer(round_id=round.id, person_id=person.id, text=text))
    else:
        found.text = text
    detail(round=round.id, meeting=round.meeting_id)
    return round


@action("rounds.withdraw", event=RoundChanged)
def withdraw(person: Person, round: MeetingRound) -> MeetingRound:
    """Take one's answer back. Raise Conflict when the round is closed."""
    _change(round, open=True)
    found = db.session.get(RoundAnswer, (round.id, person.id), populate_existing=True)
    if found is not None:
        db.session.delete(found)
    detail(round=round.id, meeting=round.meeting_id)
    return round


@action("rounds.close", event=RoundChanged)
def close(person: Person, round: MeetingRound) -> MeetingRound:
    """Close a round: everybody reads its answers, and nobody changes them."""
    _require_leader(person, round.meeting)
    _change(round)
    round.closed = round.closed or clock.now()
    detail(round=round.id, meeting=round.meeting_id)
    return round


@action("rounds.reopen", event=RoundChanged)
def reopen(person: Person, round: MeetingRound) -> MeetingRound:
    """Open a closed round again. Raise Conflict while another one is open, or when the time for rounds is over."""
    _require_leader(person, round.meeting)
    lock(round.meeting)
    _change(round)
    if round.closed is not None:
        if not open_for_adding(round.meeting):
            raise Conflict(_("Een rondje kan van een uur voor het begin van de bijeenkomst tot twee weken erna."))
        _require_none_open(round.meeting)
        round.closed = None
    detail(round=round.id, meeting=round.meeting_id)
    return round


@action("rounds.remove", event=RoundChanged)
def remove(person: Person, round: MeetingRound) -> MeetingRound:
    """Remove a round with its answers; it is closed, and can be put back."""
    _require_leader(person, round.meeting)
    _change(round)
    round.removed, round.closed = round.removed or clock.now(), round.closed or clock.now()
    detail(round=round.id, meeting=round.meeting_id)
    return round


@action("rounds.restore", event=RoundChanged)
def restore(person: Person, round: MeetingRound) -> MeetingRound:
    """Put a round back that was removed; it stays closed."""
    _require_leader(person, round.meeting)
    _change(round)
    round.removed = None
    detail(round=round.id, meeting=round.meeting_id)
    return round


def _require_leader(person: Person, meeting: Meeting) -> None:
    if not prepares(person, meeting):
        raise Forbidden(_("Alleen het team en de gastorganisatie leiden een rondje."))


def _require_none_open(meeting: Meeting) -> None:
    here = select(MeetingRound.id).where(
        MeetingRound.meeting_id == meeting.id, MeetingRound.closed.is_(None), MeetingRound.removed.is_(None)
    )
    if db.session.scalar(here.limit(1)) is not None:
        raise Conflict(_("Er is al een rondje open. Sluit dat eerst."))


def _change(round: MeetingRound, open: bool = False) -> None:
    """Lock a round and raise its version; with `open` raise Conflict unless it can be answered."""
    next_version(round)
    if open and (round.closed is not None or round.removed is not None or round.meeting.status not in MARKED):
        raise Conflict(_("Dit rondje is gesloten. U kunt uw antwoord niet meer wijzigen."))
