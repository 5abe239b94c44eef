"""Who answered which questions: the accepted answers that a person can read."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from sqlalchemy import select, union_all

from cop import access
from cop.base.db import db
from cop.society.people import Person
from cop.society.programmes import Programme
from cop.things import Thing
from cop.threads.models import THREAD

LATEST = 100  # answered questions of a community that are looked at: the newest
SHOWN = 3  # of one person


class Answered(NamedTuple):
    """A question, and the author of the answer that the asker accepted."""

    id: int
    title: str
    audience_id: int
    person_id: int

    @property
    def url(self) -> str:
        """The address of the question."""
        return f"/threads/{self.id}"


def answered(viewer: Person, programme: Programme) -> dict[int, list[Answered]]:
    """Return the newest answered questions in the viewer's communities of a programme, by the author of the answer.

    They are read from an index, so many per community: it does not matter how much was written.
    """
    thing, answer = Thing.__table__, Thing.__table__.alias("answer")
    each = [
        select(thing.c.id, thing.c.title, thing.c.audience_id, answer.c.author_id.label("person_id"))
        .select_from(
            THREAD.join(thing, thing.c.id == THREAD.c.id).join(answer, answer.c.id == THREAD.c.answer_id),
        )
        .where(
            THREAD.c.audience_id == community.audience_id,
            THREAD.c.answer_id.is_not(None),
            thing.c.state == "live",
            answer.c.state == "live",
            answer.c.author_id.is_not(None),
        )
        .order_by(THREAD.c.id.desc())
        .limit(LATEST)
        for community in access.rights(viewer).communities
        if community.programme_id == programme.id
    ]
    found: dict[int, list[Answered]] = defaultdict(list)
    if each:
        for row in db.session.execute(union_all(*(select(one.subquery()) for one in each))):
            found[row.person_id].append(Answered(*row))
    return dict(found)
