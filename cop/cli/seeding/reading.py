"""What everybody has read: their marks, and the notices before them."""

from __future__ import annotations

from sqlalchemy import exists, insert, select, update

from cop.base import clock
from cop.base.db import db
from cop.cli.demo import Mark as Reached
from cop.cli.seeding.stage import Stage
from cop.notices.models import Notice
from cop.things import Mark, Thing


def read_on(stage: Stage, place: str, number: int) -> None:
    """Record the last item of a place, and mark its notices read for those who read that far by the end."""
    thing = stage.places[place]
    stage.reached[place, number] = thing.last_seq
    readers = [stage.people[mark.person].id for mark in _marks(stage) if mark.place == place and mark.number >= number]
    here = update(Notice).where(Notice.place_id == thing.id, Notice.read.is_(None))
    db.session.execute(here.where(Notice.person_id.in_(readers)).values(read=clock.now()))


def _marks(stage: Stage) -> tuple[Reached, ...]:
    return stage.demo.thread_marks + stage.demo.room_marks


def settle(stage: Stage) -> None:
    """Set everybody's marks as at the end of the demo, and mark the notices before them read."""
    last: dict[str, int] = {}
    for place, number in stage.reached:
        last[place] = max(number, last.get(place, 0))
    positions = {
        (stage.people[mark.person].id, stage.places[mark.place].id): _seq(stage, mark, last[mark.place])
        for mark in _marks(stage)
        if mark.place in stage.places
    }
    before = {(row.person_id, row.thing_id): row.seq for row in db.session.scalars(select(Mark))}
    fresh = [
        {"person_id": person, "thing_id": thing, "seq": seq}
        for (person, thing), seq in positions.items()
        if (person, thing) not in before
    ]
    db.session.execute(insert(Mark), fresh)
    for key in before.keys() & positions.keys():  # an author has a mark already
        if positions[key] > before[key]:
            db.session.get_one(Mark, key).seq = positions[key]
    db.session.flush()
    read = exists().where(
        Mark.person_id == Notice.person_id,
        Mark.thing_id == Notice.place_id,
        Thing.id == Notice.thing_id,
        Thing.seq <= Mark.seq,
    )
    db.session.execute(
        update(Notice)
        .where(Notice.read.is_(None), read)
        .values(read=Notice.at)
        .execution_options(synchronize_session=False)
    )


def _seq(stage: Stage, mark: Reached, last: int) -> int:
    """Return the sequence number of a mark; the last one of the place for a person who has read everything."""
    all_read = mark.number >= last
    return stage.places[mark.place].last_seq if all_read else stage.reached[mark.place, mark.number]
