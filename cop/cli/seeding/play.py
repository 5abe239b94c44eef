"""Plays the demo from its first event to its end."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select

from cop.base import clock
from cop.base.action import transaction
from cop.base.db import db
from cop.cli.demo import Demo
from cop.cli.seeding import (
    agenda,
    attendance,
    bookmarks,
    documents,
    experts,
    flags,
    frontrunners,
    guidance,
    magic_mix,
    materials,
    meeting_rooms,
    meetings,
    minutes,
    outcomes,
    partnerships,
    pulse,
    rooms,
    society,
    threads,
    uses,
)
from cop.cli.seeding.reading import settle
from cop.cli.seeding.stage import Stage, turn_to
from cop.notices.models import AT_ONCE, NoticeChoice
from cop.society.visits import Visit
from cop.things import Thing

BEFORE = timedelta(days=7)  # from when people enter until the first event
AWAY = timedelta(days=3)  # since everybody's previous visit


def play(demo: Demo) -> timedelta:
    """Fill the database with the demo by calling the verbs, in one transaction; return the shift of its clock.

    Afterwards the clock of this process stands at the end of the story. Nobody gets mail.
    """
    stage = Stage(demo)
    kept, photos = documents.keep(stage), meeting_rooms.keep()
    told = (
        documents.events(stage, kept),
        rooms.events(stage),
        threads.events(stage),
        partnerships.events(stage),
        magic_mix.events(stage),
        meetings.events(stage),
        agenda.events(stage),
        materials.events(stage),
        attendance.events(stage),
        outcomes.events(stage),
        meeting_rooms.events(stage, photos),
        minutes.events(stage),
        pulse.events(stage),
        bookmarks.events(stage),
        flags.events(stage),
        uses.events(stage),
        guidance.events(stage),
        experts.events(stage),
    )
    events = sorted(event for each in told for event in each)
    with transaction() as running:
        programme = society.begin(stage, frontrunners.BEGINS)
        admitted = frontrunners.play(stage, programme)
        society.gather(stage, events[0].at - BEFORE, programme)
        frontrunners.accept(stage, programme, admitted)
        magic_mix.gather(stage, events[0].at - BEFORE)
        rooms.furnish(stage)
        _quiet(stage)
        for event in events:
            turn_to(event.at)
            event.happen()
        turn_to(demo.now)
        settle(stage)
        _last_seen(stage)
        db.session.execute(delete(NoticeChoice))
        _visited(stage, demo.now - AWAY)
        running.events.clear()  # nobody is connected yet
    return turn_to(demo.now)


def _last_seen(stage: Stage) -> None:
    """Give everybody the month of their newest contribution as the month of their last visit, else that of their entry."""
    newest = select(Thing.author_id, func.max(Thing.made)).group_by(Thing.author_id)
    latest: dict[int | None, datetime] = {row[0]: row[1] for row in db.session.execute(newest)}
    for person in stage.people.values():
        person.seen = clock.local(latest.get(person.id) or person.entered or clock.now()).date().replace(day=1)


def _quiet(stage: Stage) -> None:
    """Give everybody the daily mail, so that events of months ago are not mailed now."""
    db.session.execute(
        insert(NoticeChoice),
        [
            {"person_id": person.id, "kind": kind, "how": "daily"}
            for person in stage.people.values()
            for kind in AT_ONCE
        ],
    )


def _visited(stage: Stage, at: datetime) -> None:
    """Give everybody a previous visit, so that home can say what is new since."""
    db.session.execute(insert(Visit), [{"person_id": person.id, "at": at} for person in stage.people.values()])
