"""Minutes: notify the followers of their thread of a new version."""

from __future__ import annotations

from cop.base.db import db
from cop.base.events import on
from cop.notices import models, notifying
from cop.things import Thing
from cop.things.events import MinutesPublished


@on(MinutesPublished)
def published(event: MinutesPublished) -> None:
    """Notify the followers of a later version, except who published it; the first is a new thread."""
    if event.again or event.version < 2:
        return
    thread = db.session.get_one(Thing, event.thread)
    people = models.levels(thread.id).followers - {event.person.id}
    notifying.notify(
        people, "version", place=thread.id, thing=thread.id, actor=event.person.id, audience=thread.audience_id
    )
