"""The bell in the header of everybody's page rings, and is quiet again, at once."""

from __future__ import annotations

from collections.abc import Iterable

from cop.base import live
from cop.base.action import Told, after
from cop.base.db import db
from cop.notices.models import unread_about, unread_of
from cop.things import Thing


@after(
    "threads.start",
    "threads.reply",
    "threads.answer",
    "threads.hide",
    "threads.move",
    "posts.edit",
    "posts.hide",
    "messages.say",
    "messages.edit",
    "messages.hide",
    "files.replace",
    "files.restore",
)
def ring(told: Told) -> None:
    """Who was just told something sees the number go up."""
    if not live.heard():
        return
    things = {thing.id for thing in (told.thing, told.result) if isinstance(thing, Thing)}
    about = things | {told.details.get("post", 0)}
    _show(unread_about(about).items())


@after("threads.mark", "rooms.mark", "notices.read")
def quieten(told: Told) -> None:
    """Who reads sees the number go down, on every page they have open."""
    if told.details.get("noticed", 1) and live.heard():
        _show([(told.person.id, unread_of(told.person.id))])


def _show(counts: Iterable[tuple[int, int]]) -> None:
    db.session.rollback()
    for person, unread in counts:
        live.nudge(person, "notices", {"unread": unread})
