"""The outcomes of the demo: of its meetings, and the chat messages that were marked during them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from cop.base import clock, text
from cop.base.db import db
from cop.cli.demo import FILES
from cop.cli.demo import Message as Said
from cop.cli.demo import Room as Talk
from cop.cli.seeding.stage import Event, Stage, utc
from cop.meetings.models import Meeting
from cop.outcomes.actions import TITLE
from cop.outcomes.models import LINK, Outcome
from cop.society.people import Person
from cop.things import ThingLink, body_of, sign

Table = dict[str, Any]
STORY: list[Table] = tomllib.loads((FILES.parent / "outcomes.toml").read_text())["outcomes"]
MEETINGS: list[Table] = tomllib.loads((FILES.parent / "meetings.toml").read_text())["meetings"]
AFTER = timedelta(hours=1)  # the message or the end of the meeting


def events(stage: Stage) -> Iterator[Event]:
    """Yield what was marked; they are rows, because the verbs would mail the owners."""
    ends = {meeting["title"]: utc(meeting["ends"]) for meeting in MEETINGS}
    begun = min(post.at for thread in stage.demo.threads for post in thread.posts)  # people are there from then on
    for number, told in enumerate(STORY):
        made = ends[told["meeting"]] + AFTER
        yield Event(max(made, begun + AFTER), number, partial(_of_meeting, stage, told, made))
    for talk in stage.demo.rooms:
        for said in talk.messages:
            if said.outcome:
                yield Event(said.at + AFTER, 0, partial(_of_message, stage, talk, said))


def _of_meeting(stage: Stage, told: Table, made: datetime) -> None:
    meeting = db.session.scalars(select(Meeting).where(Meeting.title == told["meeting"])).one()
    settled = told.get("done") or told.get("dropped")
    status = "done" if "done" in told else "dropped" if "dropped" in told else "open"
    acts: Table = {}
    if told["kind"] == "action":
        acts = {"status": status, "owner_id": stage.people[told["owner"]].id, "due": told["due"]}
    _add(
        stage.people[told["by"]],
        meeting.audience_id,
        told["text"],
        made=made,
        outcome_kind=told["kind"],
        meeting_id=meeting.id,
        settled=utc(settled) if settled else None,
        remark=told.get("remark", ""),
        **acts,
    )


def _of_message(stage: Stage, talk: Talk, said: Said) -> None:
    message = stage.messages[talk.key, said.number]
    on = clock.local(said.at).date()
    same = select(Meeting).where(Meeting.audience_id == message.audience_id, Meeting.status == "held")
    meeting = next((one for one in db.session.scalars(same) if clock.local(one.starts).date() == on), None)
    words = " ".join(body_of(message).plain.split())
    marked = _add(
        stage.curator(talk.community),
        message.audience_id,
        words,
        made=clock.now(),
        outcome_kind="outcome",
        meeting_id=meeting.id if meeting else None,
    )
    db.session.add(ThingLink(from_id=marked.id, to_id=message.id, kind=LINK))


def _add(by: Person, audience_id: int, words: str, **given: Any) -> Outcome:
    outcome = Outcome(audience_id=audience_id, text=words, title=text.excerpt(words, TITLE), **given)
    sign(outcome, by, "moderator")
    db.session.add(outcome)
    db.session.flush()
    return outcome
