"""The questions to experts in the demo: one answered, one promised, one that is asked now, and one that is over its term."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from cop.base import clock
from cop.base.db import db
from cop.base.working_days import working_days_after
from cop.cli.seeding.stage import Event, Stage, utc
from cop.experts.models import REMIND, TERM, ExpertRequest, ExpertTurn


class Told(NamedTuple):
    """A request of the story; `answer` is the number of the post with the answer."""

    thread: str
    expert: str
    at: datetime
    state: str
    theme: str = ""
    answer: int | None = None


STORY = (
    Told("c8", "elsa", datetime(2017, 10, 25, 9, 30), "answered", "volgsystematiek", 1),
    Told("c1", "elsa", datetime(2017, 11, 24, 10, 15), "asked", "nazorg"),
    Told("b7", "nadia", datetime(2017, 11, 29, 16, 40), "accepted", "regie"),
    Told("a8", "wouter", datetime(2017, 12, 1, 9, 5), "asked", "exploitatie"),
)
SOON = timedelta(days=1)  # after which an expert accepts


def events(stage: Stage) -> Iterator[Event]:
    """Yield the requests; they are rows, because the verbs would mail the experts. A part of the story may lack some."""
    keys = {talk.key for talk in stage.demo.threads}
    for number, told in enumerate(STORY):
        if told.thread in keys:
            yield Event(max(utc(told.at), stage.demo.now - SOON), number, partial(_ask, stage, told))


def _ask(stage: Stage, told: Told) -> None:
    """Add a request with its turn, as it stands at the end of the story."""
    thread, at = stage.threads[told.thread], utc(told.at)
    due = working_days_after(told.at.date(), TERM)
    post = stage.posts[told.thread, told.answer] if told.answer is not None else None
    settled = post.made if post is not None else None
    today = clock.local(stage.demo.now).date()
    late = told.state != "answered" and due <= today
    request = ExpertRequest(
        audience_id=thread.audience_id,
        thread_id=thread.id,
        person_id=thread.author_id,
        theme=told.theme,
        expert_id=stage.people[told.expert].id,
        state=told.state,
        due=due,
        made=at,
        put=at,
        reminded=at + timedelta(days=REMIND) if late else None,
        escalated=clock.midnight(due) + timedelta(hours=7) if late else None,
        settled=settled,
        post_id=post.id if post is not None else None,
    )
    db.session.add(request)
    db.session.flush()
    expert = stage.people[told.expert].id
    turn = ExpertTurn(request_id=request.id, person_id=expert, state=told.state, at=at, settled=settled)
    db.session.add(turn)
