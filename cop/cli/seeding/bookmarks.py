"""What Willemijn of the demo keeps: a reply with advice, to come back to before a meeting, and a document."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from cop.base.db import db
from cop.bookmarks.models import Bookmark
from cop.cli.seeding.stage import Event, Stage

KEPT = (
    ("a9", 1, "Navragen hoe zij de buurt erbij betrokken.", 5),
    ("a1", 0, "", None),
)  # thread, post, note, days to go
BY = "willemijn"
AGO = timedelta(hours=20)  # before the end of the story


def events(stage: Stage) -> Iterator[Event]:
    """Yield the bookmarks of the threads that the story has."""
    for key, number, note, days in KEPT:
        if any(talk.key == key for talk in stage.demo.threads):
            yield Event(stage.demo.now - AGO, 0, partial(_keep, stage, key, number, note, days))


def _keep(stage: Stage, key: str, number: int, note: str, days: int | None) -> None:
    until = stage.demo.now.date() + timedelta(days=days) if days else None
    thing = stage.posts[key, number]
    db.session.add(Bookmark(person_id=stage.people[BY].id, thing_id=thing.id, note=note, remind_on=until))
