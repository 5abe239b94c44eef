"""Who can come to a meeting instead of somebody: others of its audience who have no seat and do not wait for one."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import select

from cop import access
from cop.base.db import db
from cop.base.text.folding import matches
from cop.meetings.models import Invitee, Meeting
from cop.society.memberships import surname
from cop.society.organisations import Organisation
from cop.society.people import Person

SHOWN = 10


class Colleague(NamedTuple):
    """Somebody who can come instead."""

    id: int
    name: str
    organisation: str


def colleagues(person: Person, meeting: Meeting, typed: str = "") -> list[Colleague]:
    """Return those who can come instead of a person and whose name matches what was typed, at most `SHOWN`.

    Those of the person's own organisation come first; without a name they are all there are.
    """
    taken = select(Invitee.person_id).where(Invitee.meeting_id == meeting.id, Invitee.answer.in_(("yes", "waiting")))
    query = (
        select(Person.id, Person.name, Person.organisation_id, Organisation.name.label("organisation"))
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .where(
            access.readers_of(meeting.audience_id),
            access.visible_to(person, Person),
            Person.state == "active",
            Person.name != "",
            Person.id != person.id,
            Person.id.not_in(taken),
        )
    )
    if not typed:
        query = query.where(Person.organisation_id == person.organisation_id)
    found = []
    for row in db.session.execute(query):
        rank = matches(typed, row.name) if typed else 0
        if rank is not None:
            near = row.organisation_id is not None and row.organisation_id == person.organisation_id
            found.append((not near, rank, surname(row.name), Colleague(row.id, row.name, row.organisation or "")))
    return [one[-1] for one in sorted(found)[:SHOWN]]
