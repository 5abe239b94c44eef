"""The days of the demo's meetings: the chat, a round, and photos, which are drawn."""

from __future__ import annotations

import io
import tomllib
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import select

from cop import access
from cop.base.db import db
from cop.chat import actions as chat
from cop.cli.demo import FILES
from cop.cli.seeding.stage import Event, Stage, utc
from cop.meeting_rooms import actions
from cop.meeting_rooms.actions.picturing import Copies
from cop.meeting_rooms.models import AFTER, BEFORE, MeetingRound, room_of
from cop.meeting_rooms.storing import store_photo
from cop.meetings.models import Meeting

Table = dict[str, Any]
STORY: list[Table] = tomllib.loads((FILES.parent / "meeting_days.toml").read_text())["days"]
SIZE = (960, 640)  # pixels


def keep() -> dict[str, Copies]:
    """Draw and store the photos before the transaction opens; return them by the name of the drawing."""
    return {photo["drawing"]: store_photo(_drawn(photo["drawing"])) for told in STORY for photo in told["photos"]}


def events(stage: Stage, kept: dict[str, Copies]) -> Iterator[Event]:
    """Yield what happened on the days, in no order; the meetings were announced in the story before."""
    for told in STORY:
        meeting = next(one for one in _meetings() if one["title"] == told["meeting"])

        def event(at: datetime, act: Callable[..., object], *more: object, title: str = told["meeting"]) -> Event:
            return Event(at, 1, partial(_run, act, title, stage, *more))

        yield event(utc(meeting["starts"]) - BEFORE, _open)
        for said in told["messages"]:
            yield event(utc(said["at"]), _say, said)
        yield event(utc(told["round"]["started"]), _start, told["round"])
        yield event(utc(told["round"]["closed"]), _close_round)
        for photo in told["photos"]:
            yield event(utc(photo["at"]), _add, photo, kept[photo["drawing"]])
        yield event(utc(meeting["ends"]) + AFTER, _close)


def _meetings() -> list[Table]:
    found: list[Table] = tomllib.loads((FILES.parent / "meetings.toml").read_text())["meetings"]
    return found


def _run(act: Callable[..., object], title: str, stage: Stage, *more: object) -> None:
    act(db.session.scalars(select(Meeting).where(Meeting.title == title)).one(), stage, *more)


def _open(meeting: Meeting, _stage: Stage) -> None:
    actions.open_room(access.SYSTEM, meeting)


def _close(meeting: Meeting, _stage: Stage) -> None:
    actions.close_room(access.SYSTEM, meeting)


def _say(meeting: Meeting, stage: Stage, said: Table) -> None:
    room = room_of(meeting.id)
    assert room is not None
    chat.say(stage.people[said["by"]], room, text=stage.written(said["body"]))


def _start(meeting: Meeting, stage: Stage, told: Table) -> None:
    round = actions.start(stage.people["marijke"], meeting, prompt=told["prompt"])
    for given in told["answers"]:
        actions.answer(stage.people[given["by"]], round, text=given["text"])


def _close_round(meeting: Meeting, stage: Stage) -> None:
    here = select(MeetingRound).where(MeetingRound.meeting_id == meeting.id)
    actions.close(stage.people["marijke"], db.session.scalars(here).one())


def _add(meeting: Meeting, stage: Stage, told: Table, copies: Copies) -> None:
    actions.add_photo(stage.people[told["by"]], meeting, alt=told["alt"], photo=copies)


def _drawn(name: str) -> io.BytesIO:
    """Draw one of the pictures."""
    from PIL import Image, ImageDraw  # only the first start of the demo needs it

    picture = Image.new("RGB", SIZE, "#e9e2d3")
    pen = ImageDraw.Draw(picture)
    if name == "tables":
        for x, y in ((240, 180), (700, 180), (240, 470), (700, 470)):
            pen.ellipse((x - 130, y - 90, x + 130, y + 90), fill="#8a5a3c")
            pen.rectangle((x - 40, y - 30, x + 40, y + 30), fill="#f4d35e")
    else:
        pen.rectangle((60, 250, 240, 390), fill="#1b4965")
        for x in (290, 430, 570):
            pen.rectangle((x, 270, x + 100, 370), outline="#1b4965", width=6)
        pen.line((240, 320, 720, 320), fill="#c1121f", width=8)
        pen.polygon(((720, 295), (770, 320), (720, 345)), fill="#c1121f")
        pen.ellipse((780, 275, 870, 365), outline="#8a5a3c", width=18)
    out = io.BytesIO()
    picture.save(out, "PNG")
    out.seek(0)
    return out
