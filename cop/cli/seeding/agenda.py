"""The programmes of the demo's meetings, with the questions that people brought, their votes, and the checklist."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import insert, select

from cop.agenda.models import AgendaBlock, MeetingQuestion, PreparationTick, QuestionVote
from cop.base.db import db
from cop.cli.demo import FILES
from cop.cli.seeding import meetings
from cop.cli.seeding.stage import Event, Stage
from cop.meetings.models import Invitee, Meeting

Table = dict[str, Any]
STORY: list[Table] = tomllib.loads((FILES.parent / "agenda.toml").read_text())["agendas"]
SOON = timedelta(minutes=1)


def events(stage: Stage) -> Iterator[Event]:
    """Yield, a moment after each announcement, the agenda as it is at the end of the story; they are rows, since the
    verbs refuse a meeting that was held."""
    told = {one["meeting"]: one for one in STORY}
    for event, meeting in zip(meetings.events(stage), meetings.STORY, strict=True):
        yield Event(event.at + SOON, 0, partial(_prepare, stage, told[meeting["title"]]))


def _prepare(stage: Stage, told: Table) -> None:
    meeting = db.session.scalars(select(Meeting).where(Meeting.title == told["meeting"])).one()
    blocks = []
    for position, block in enumerate(told["blocks"], 1):
        leader = block.get("leader")
        blocks.append(
            AgendaBlock(
                meeting_id=meeting.id,
                position=position,
                kind=block["kind"],
                title=block.get("title", ""),
                minutes=block["minutes"],
                leader="",
                leader_id=stage.people[leader].id if leader else None,
                text=block.get("text", ""),
            )
        )
    db.session.add_all(blocks)
    db.session.flush()
    latest = min(meeting.starts, stage.demo.now)
    given = 0
    for number, question in enumerate(told["questions"]):
        _ask(stage, meeting, question, latest - timedelta(days=question["days"], hours=5 + number), blocks, given)
        given += question["votes"]
    ticker = stage.people["marijke"].id
    for item in told["ticked"]:
        at = latest - timedelta(days=3)
        db.session.add(PreparationTick(meeting_id=meeting.id, item=item, person_id=ticker, at=at))


def _ask(stage: Stage, meeting: Meeting, told: Table, at: datetime, blocks: list[AgendaBlock], given: int) -> None:
    """Add a question with its votes, of those who come and did not ask it; `given`: votes for the questions before."""
    asker = stage.people[told["by"]]
    comes = (Invitee.meeting_id == meeting.id, Invitee.answer == "yes", Invitee.person_id != asker.id)
    coming = list(db.session.scalars(select(Invitee.person_id).where(*comes).order_by(Invitee.person_id.desc())))
    voters = [coming[(given + n) % len(coming)] for n in range(min(told["votes"], len(coming)))]
    question = MeetingQuestion(
        meeting_id=meeting.id,
        person_id=asker.id,
        kind=told.get("kind", "question"),
        text=told["text"],
        made=at,
        votes=len(voters),
        block_id=blocks[told["placed"] - 1].id if "placed" in told else None,
    )
    db.session.add(question)
    db.session.flush()
    if voters:
        db.session.execute(insert(QuestionVote), [{"question_id": question.id, "person_id": id} for id in voters])
