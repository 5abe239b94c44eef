"""The threads and documents that belong to the meetings of the demo."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import partial
from typing import Any

from sqlalchemy import select

from cop.base.db import db
from cop.cli.demo import FILES
from cop.cli.seeding.stage import Event, Stage, utc
from cop.meeting_materials import actions
from cop.meetings.models import Meeting

Table = dict[str, Any]
STORY: list[Table] = tomllib.loads((FILES.parent / "materials.toml").read_text())["materials"]


def events(stage: Stage) -> Iterator[Event]:
    """Yield what was attached, to meetings that were announced in the story before."""
    for told in STORY:
        yield Event(utc(told["at"]), 1, partial(_attach, stage, told))


def _attach(stage: Stage, told: Table) -> None:
    meeting = db.session.scalars(select(Meeting).where(Meeting.title == told["meeting"])).one()
    for thing in (*map(stage.threads.get, told["threads"]), *map(stage.files.get, told["documents"])):
        if thing is not None:  # a reduced story leaves some out
            actions.attach(stage.people["marijke"], meeting, thing=thing)
