"""The chat of the demo, message by message."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from cop.chat import actions
from cop.chat.models import Room, ensure_room
from cop.cli.demo import Message as Said
from cop.cli.demo import Room as Talk
from cop.cli.seeding.reading import read_on
from cop.cli.seeding.stage import Event, Stage


def furnish(stage: Stage) -> None:
    """Give the room of each community its name."""
    for talk in stage.demo.rooms:
        room = ensure_room(stage.communities[talk.community])
        room.title, room.purpose = talk.name, talk.purpose
        stage.places[talk.key] = room


def events(stage: Stage) -> Iterator[Event]:
    """Yield every message, in no order."""
    for talk in stage.demo.rooms:
        for said in talk.messages:
            yield Event(said.at, 1, partial(_say, stage, talk, said))


def _say(stage: Stage, talk: Talk, said: Said) -> None:
    """Write a message with its reactions, and mark it read for those who have read that far."""
    room = stage.places[talk.key]
    assert isinstance(room, Room)
    answered = stage.messages[talk.key, said.reply_to].id if said.reply_to else None
    message = actions.say(
        stage.people[said.author],
        room,
        text=stage.written(said.body),
        reply_to=answered,
        files=[stage.files[key].id for key in said.attachments],
    )
    stage.messages[talk.key, said.number] = message
    if said.key:
        stage.sources[said.key] = message
    if said.reactions:
        stage.react(message, said.reactions)
    read_on(stage, talk.key, said.number)
