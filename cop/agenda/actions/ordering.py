"""Verbs of the programme of a meeting: its blocks are added, changed, moved, removed and put back.

Nobody is mailed, and calendars do not follow: the times of the meeting stay as they are.
"""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy import func, select

from cop import access
from cop.agenda.actions.locking import lock_open_agenda
from cop.agenda.models import AgendaBlock, BlockKind, has_blocks, last_position, neighbour, usual_day
from cop.base import clock
from cop.base.action import action, detail
from cop.base.db import db
from cop.base.errors import Conflict, Invalid
from cop.base.words import _
from cop.meetings.models import Meeting
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
) -> AgendaBlock:
    """Add a block at the end of a meeting's programme. Raise Invalid for an own block without a title."""
    lock_open_agenda(meeting)
    position = last_position(meeting.id) + 1
    if position > MOST:
        raise Conflict(_("Het programma is vol. Wijzig een onderdeel dat er al staat."))
    _check_title(kind, title)
    block = AgendaBlock(
        meeting_id=meeting.id,
        position=position,
        kind=kind,
        title=title,
        minutes=minutes,
        text=text,
        **_led(meeting, leader),
    )
    db.session.add(block)
    db.session.flush()
    detail(block=block.id, kind=kind, minutes=minutes)
    return block


@action("agenda.fill")
def fill(person: Person, meeting: Meeting) -> list[AgendaBlock]:
    """Add the blocks of the usual day to an empty programme, as long together as the meeting.

    Raise Conflict when there are blocks, or the meeting is too short.
    """
    lock_open_agenda(meeting)
    if has_blocks(meeting.id):
        raise Conflict(_("Er staat al een programma. Wijzig de onderdelen die er staan."))
    day, before = usual_day(meeting), last_position(meeting.id)
    if not day:
        raise Conflict(_("Deze bijeenkomst is te kort voor een hele dag. Voeg zelf onderdelen toe."))
    blocks = [
        AgendaBlock(meeting_id=meeting.id, position=before + number, kind=kind, minutes=minutes, leader="", title="")
        for number, (kind, minutes) in enumerate(day, 1)
    ]
    db.session.add_all(blocks)
    db.session.flush()
    detail(blocks=len(blocks))
    return blocks


@action("agenda.edit")
def edit(person: Person, block: AgendaBlock, /, *, base_version: int | None = None, **given: Any) -> AgendaBlock:
    """Change a block; those after it shift with its length.

    Raise Conflict when it was changed since `base_version`, Invalid for an own block without a title.
    """
    _lock(block)
    if base_version is not None and base_version != block.version:
        raise Conflict(
            _("Een collega heeft dit onderdeel intussen gewijzigd. Uw tekst staat er nog; kijk wat er nu staat."),
            version=block.version,
        )
    _check_title(given.get("kind", block.kind), given.get("title", block.title))
    if "leader" in given:
        given |= _led(block.meeting, given["leader"])
    for name, value in given.items():
        setattr(block, name, value)
    block.version += 1
    detail(minutes=block.minutes)
    return block


@action("agenda.move")
def move(person: Person, block: AgendaBlock, *, to: Literal["up", "down"]) -> AgendaBlock:
    """Move a block before the one above it, or after the one below it; at the end it stays."""
    _lock(block)
    other = neighbour(block, earlier=to == "up")
    if other is not None:
        block.position, other.position = other.position, block.position
    detail(to=to)
    return block


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
    db.session.refresh(block)
    block.removed = None
    return block


def _lock(block: AgendaBlock) -> None:
    """Lock the programme of a block and read the block anew; raise Conflict for one that was removed."""
    lock_open_agenda(block.meeting)
    db.session.refresh(block)
    if block.removed is not None:
        raise Conflict(_("Dit onderdeel is verwijderd."))


def _check_title(kind: str, title: str) -> None:
    if kind == "own" and not title:
        raise Invalid(errors={"title": _("Geef dit onderdeel een titel.")})


def _led(meeting: Meeting, leader: str) -> dict[str, Any]:
    """Return who leads a block as it is stored: the only person of the audience with this name, else the words."""
    named = select(Person.id).where(func.lower(Person.name) == leader.lower(), access.readers_of(meeting.audience_id))
    found = list(db.session.scalars(named.limit(2))) if leader else []
    return {"leader": "", "leader_id": found[0]} if len(found) == 1 else {"leader": leader, "leader_id": None}
