"""What goes with an audience that is removed."""

from __future__ import annotations

from sqlalchemy import func, select

from cop.base.db import db
from cop.base.words import n_
from cop.polls.actions import delete_polls
from cop.polls.models import Poll
from cop.things.removal import before_removal, counted


@counted
def open_in(audience_id: int) -> list[str]:
    """Return how many polls are open for an audience, in words; a chosen one counts as its meeting."""
    n = db.session.scalar(select(func.count(Poll.id)).where(Poll.audience_id == audience_id, Poll.status == "open"))
    return [n_("%(n)s open datumprikker", "%(n)s open datumprikkers", n)] if n else []


@before_removal
def remove_polls(audience_id: int) -> None:
    """Delete the drafts and withdrawn polls of an audience that is removed; an open one would have prevented it."""
    delete_polls(db.session.scalars(select(Poll.id).where(Poll.audience_id == audience_id)).all())
