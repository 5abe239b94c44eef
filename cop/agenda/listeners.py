"""Listeners of the agenda: the copy of a meeting has its programme."""

from __future__ import annotations

from sqlalchemy import select

from cop import access
from cop.agenda.models import AgendaBlock, blocks_of
from cop.base.db import db
from cop.base.events import on
from cop.meetings.events import MeetingPlanned
from cop.society.people import Person


@on("meetings.plan")
def copied(event: MeetingPlanned) -> None:
    """Copy the blocks of the original; who leads one only where the planner of the copy sees a person of its audience."""
    if not event.copied_from:
        return
    blocks, meeting = blocks_of(event.copied_from), event.result
    leaders = select(Person.id).where(
        Person.id.in_([block.leader_id for block in blocks if block.leader_id is not None]),
        Person.state == "active",
        access.readers_of(meeting.audience_id),
        access.visible_to(event.person, Person),
    )
    known = set(db.session.scalars(leaders))
    for position, block in enumerate(blocks, 1):
        db.session.add(
            AgendaBlock(
                meeting_id=meeting.id,
                day=block.day,
                position=position,
                kind=block.kind,
                title=block.title,
                minutes=block.minutes,
                leader="" if block.leader_id is not None else block.leader,
                leader_id=block.leader_id if block.leader_id in known else None,
                text=block.text,
            )
        )
