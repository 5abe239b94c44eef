"""Bookmarks: notify a person of what they wanted to come back to that day."""

from __future__ import annotations

from cop.base.db import db
from cop.base.events import Event, on
from cop.notices.listeners.texts import notify_about
from cop.things import Thing


@on("bookmarks.remind")
def reminded(event: Event) -> None:
    """Notify the person whose bookmark it is; several in one thread or chat room make one notice."""
    if event.result:
        thing = db.session.get_one(Thing, event.thing.thing_id)
        place = thing if thing.parent_id is None else db.session.get_one(Thing, thing.parent_id)
        notify_about([event.thing.person_id], "bookmark", place, thing.id, None)
