"""The flag of the demo, which waits for a moderator: a story in which somebody can be recognised."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from cop.base.db import db
from cop.cli.seeding.stage import Event, Stage
from cop.flags.models import Flag, FlagCase

THREAD, NUMBER = "a9", 1  # the reply with a floor, a relative and an outcome
BY = "fatima"
TEXT = "Een verdieping, een familielid en een afloop: in een kleine gemeente weet men wie dit is."
AGO = timedelta(days=1)  # before the end of the story


def events(stage: Stage) -> Iterator[Event]:
    """Yield the flag; it is a row, because the verb would give notices to the whole team. A part of the story may lack it."""
    if any(talk.key == THREAD for talk in stage.demo.threads):
        yield Event(stage.demo.now - AGO, 0, lambda: _raise(stage))


def _raise(stage: Stage) -> None:
    post = stage.posts[THREAD, NUMBER]
    case = FlagCase(audience_id=post.audience_id, thing_id=post.id, about_id=post.author_id)
    db.session.add(case)
    db.session.flush()
    db.session.add(Flag(case_id=case.id, person_id=stage.people[BY].id, reason="privacy", text=TEXT))
