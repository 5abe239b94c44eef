"""The kind of things in this feature: meetings."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from cop.base.db import db
from cop.base.words import _
from cop.meetings.models import MEETING, Meeting
from cop.things import Change, Kind, Thing, ThingLink, kinds

THING = Thing.__table__
NAMED = {"title", "starts", "state", "status"}  # what the page of a thread says of a meeting that it belongs to


def materials(change: Change) -> Iterable[Thing]:
    """Return the threads that name a changed meeting."""
    if isinstance(change.thing, Meeting) and change.names & NAMED:
        linked = select(ThingLink.to_id).where(ThingLink.from_id == change.thing.id, ThingLink.kind == "material")
        yield from db.session.scalars(select(Thing).where(Thing.id.in_(linked)).order_by(Thing.id))


MEETINGS = kinds.register(
    Kind(
        Meeting,
        path="/meetings",
        icon="calendar",
        noun=lambda: _("Bijeenkomst"),
        plural=lambda: _("Bijeenkomsten"),
        dependents=materials,
        index=select(
            THING.c.id.label("thing_id"), THING.c.kind, THING.c.title, MEETING.c.purpose.label("plain")
        ).select_from(THING.join(MEETING, MEETING.c.id == THING.c.id)),
        index_names=frozenset({"title", "purpose"}),
        typed="bijeenkomst bijeenkomsten meeting meetings",
    )
)
