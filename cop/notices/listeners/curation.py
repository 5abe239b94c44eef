"""Curation: notices go along with the posts that they are about."""

from __future__ import annotations

from cop.base.db import db
from cop.base.events import on
from cop.notices import notifying
from cop.things.events import PostsMoved
from cop.threads.models import Thread


@on(PostsMoved)
def moved(event: PostsMoved) -> None:
    """Let notices name the thread in which their post stands now; those about a thread that is gone are removed."""
    notifying.move_to_place(event.source, event.target)
    if event.whole:
        notifying.remove_for_place(db.session.get_one(Thread, event.source))
