"""The minutes of the demo: those of the meetings that were held, published two days later."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from cop.base import text
from cop.base.db import db
from cop.cli.demo import FILES
from cop.cli.seeding.stage import Event, Stage, utc
from cop.meetings.models import Meeting
from cop.minutes import actions
from cop.minutes.models import blocks_of

STORY: list[dict[str, Any]] = tomllib.loads((FILES.parent / "minutes.toml").read_text())["minutes"]


def events(stage: Stage) -> Iterator[Event]:
    """Yield the publications, of meetings that were announced in the story before."""
    begun = min(post.at for thread in stage.demo.threads for post in thread.posts)
    for number, told in enumerate(STORY):
        at = max(utc(told["published"]), begun + timedelta(hours=1, minutes=number))
        yield Event(at, 1, partial(_publish, stage, told))


def _publish(stage: Stage, told: dict[str, Any]) -> None:
    """Begin the minutes of a meeting, write their blocks and publish them."""
    coach = stage.people["marijke"]
    meeting = db.session.scalars(select(Meeting).where(Meeting.title == told["meeting"])).one()
    minutes = actions.begin(coach, meeting)
    for title, words in told["blocks"].items():
        block = next((one for one in blocks_of(meeting.id) if one.title == title), None)
        block = block or actions.add(coach, minutes, title=title)
        actions.edit(coach, block, title=title, text=text.render(words, "markdown"), base_version=block.version)
    actions.publish(coach, minutes)
