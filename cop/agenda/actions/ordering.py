"""Verbs of the programme of a meeting: its blocks are added, changed, moved, removed and put back.

Nobody is mailed, and calendars do not follow: the times of the meeting stay as they are.
"""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy import func, select

from cop import access
from cop.agenda.actions.locking import lock_open_agenda
from cop.agenda.models import AgendaBlock, BlockKind, put, settle, usual_day
from cop.base import clock
from cop.base.action import action, detail
from cop.base.db import db
from cop.base.errors import Conflict, Invalid
from cop.base.words import _
from cop.meetings.models import Meeting, MeetingDay, days_of
from cop.society.people import Person

MOST = 60  # blocks of a meeting


@action("agenda.add")
def add(
    person: Person,
    meeting: Meeting,
    *,
    kind: BlockKind,
    minutes: int,
    title: str = "",
    leader: str = "",
    text: str = "",
    day: int = 1,
) -> AgendaBlock:
    """Add a block at the end of a day of a meeting. Raise Invalid for an own block without a title, or a day it lacks."""
    lock_open_agenda(meeting)
    _day(meeting, day)
    blocks = settle(meeting)
    if len(blocks) >= MOST:
        raise Conflict(_("Het programma is vol. Wijzig een onderdeel dat er al staat."))
    _check_title(kind, title)
    block = AgendaBlock(
        meeting_id=meeting.id,
        kind=kind,
        title=title,
        minutes=minutes,
        text=text,
        **_led(meeting, leader),
    )
    put(blocks, block, day)
    db.session.add(block)
    db.session.flush()
    detail(block=block.id, kind=kind, minutes=minutes, day=day)
    return block


@action("agenda.fill")
def fill(person: Person, meeting: Meeting, *, day: int = 1) -> list[AgendaBlock]:
    """Add the blocks of the usual day to an empty day of a meeting, as long together as that.

    Raise Conflict when there are blocks, or the day is too short; Invalid for a day that the meeting does not have.
    """
    lock_open_agenda(meeting)
    usual, blocks = usual_day(_day(meeting, day)), settle(meeting)
    if any(block.day == day and block.removed is None for block in blocks):
        raise Conflict(_("Er staat al een programma. Wijzig de onderdelen die er staan."))
    if not usual:
        raise Conflict(_("Deze bijeenkomst is te kort voor een hele dag. Voeg zelf onderdelen toe."))
    added = [
        AgendaBlock(meeting_id=meeting.id, kind=kind, minutes=minutes, leader="", title="") for kind, minutes in usual
    ]
    for block in added:
        put(blocks, block, day)
    db.session.add_all(added)
    db.session.flush()
    detail(blocks=len(added), day=day)
    return added


@action("agenda.edit")
def edit(person: Person, block: AgendaBlock, /, *, base_version: int | None = None, **given: Any) -> AgendaBlock:
    """Change a block; those after it on its day shift with its length. On another day it becomes the last.

    Raise Conflict when it was changed since `base_version`, Invalid for an own block without a title, or a day that the
    meeting does not have.
    """
    blocks = _lock(block)
    if base_version is not None and base_version != block.version:
        raise Conflict(
            _("Een collega heeft dit onderdeel intussen gewijzigd. Uw tekst staat er nog; kijk wat er nu staat."),
            version=block.version,
        )
    _check_title(given.get("kind", block.kind), given.get("title", block.title))
    day = given.pop("day", block.day)
    _day(block.meeting, day)
    if day != block.day:
        put(blocks, block, day)
    if "leader" in given:
        given |= _led(block.meeting, given["leader"])
    for name, value in given.items():
        setattr(block, name, value)
    block.version += 1
    detail(minutes=block.minutes)
    return block


@action("agenda.move")
def move(
    person: Person, block: AgendaBlock, *, to: Literal["up", "down"] | None = None, day: int | None = None
) -> AgendaBlock:
    """Move a block before the one above it or after the one below it, from the edge of a day to the next; or to a day.

    At an end of the programme it stays. Raise Invalid for a day that the meeting does not have.
    """
    blocks = _lock(block)
    if to is None and day is None:
        raise Invalid(errors={"to": _("Vul dit in.")})
    if day is not None:
        _day(block.meeting, day)
        if day != block.day:
            put(blocks, block, day)
    else:
        _step(blocks, block, earlier=to == "up")
    detail(to=to or "day", day=block.day)
    return block


def _step(blocks: list[AgendaBlock], block: AgendaBlock, *, earlier: bool) -> None:
    """Move a block one place, or to the near end of the day before or after its own."""
    shown = [one for one in blocks if one.day == block.day and one.removed is None]
    place = shown.index(block) + (-1 if earlier else 1)
    day = block.day + (-1 if earlier else 1)
    if 0 <= place < len(shown):
        other = shown[place]
        block.position, other.position = other.position, block.position
    elif 1 <= day <= len(days_of(block.meeting)):
        put(blocks, block, day, first=not earlier)


@action("agenda.remove")
def remove(person: Person, block: AgendaBlock) -> AgendaBlock:
    """Take a block out of the programme; its questions are on no block until it is put back."""
    _lock(block)
    block.removed = clock.now()
    return block


@action("agenda.restore")
def restore(person: Person, block: AgendaBlock) -> AgendaBlock:
    """Put a block that was removed back where it was."""
    lock_open_agenda(block.meeting)
    settle(block.meeting)
    block.removed = None
    return block


def _lock(block: AgendaBlock) -> list[AgendaBlock]:
    """Lock the programme of a block and return its blocks, read anew; raise Conflict for a block that was removed."""
    lock_open_agenda(block.meeting)
    blocks = settle(block.meeting)
    if block.removed is not None:
        raise Conflict(_("Dit onderdeel is verwijderd."))
    return blocks


def _day(meeting: Meeting, number: int) -> MeetingDay:
    """Return a day of a meeting; raise Invalid where it has fewer."""
    days = days_of(meeting)
    if not 1 <= number <= len(days):
        raise Invalid(errors={"day": _("Kies een dag uit de lijst.")})
    return days[number - 1]


def _check_title(kind: str, title: str) -> None:
    if kind == "own" and not title:
        raise Invalid(errors={"title": _("Geef dit onderdeel een titel.")})


def _led(meeting: Meeting, leader: str) -> dict[str, Any]:
    """Return who leads a block as it is stored: the only person of the audience with this name, else the words."""
    named = select(Person.id).where(func.lower(Person.name) == leader.lower(), access.readers_of(meeting.audience_id))
    found = list(db.session.scalars(named.limit(2))) if leader else []
    return {"leader": "", "leader_id": found[0]} if len(found) == 1 else {"leader": leader, "leader_id": None}
