"""The kind of things in this feature: meetings."""

from __future__ import annotations

from sqlalchemy import select

from cop.base.words import _
from cop.meetings.models import MEETING, Meeting
from cop.things import Kind, Thing, kinds

THING = Thing.__table__

MEETINGS = kinds.register(
    Kind(
        Meeting,
        path="/meetings",
        icon="calendar",
        noun=lambda: _("Bijeenkomst"),
        plural=lambda: _("Bijeenkomsten"),
        index=select(
            THING.c.id.label("thing_id"), THING.c.kind, THING.c.title, MEETING.c.purpose.label("plain")
        ).select_from(THING.join(MEETING, MEETING.c.id == THING.c.id)),
        index_names=frozenset({"title", "purpose"}),
        typed="bijeenkomst bijeenkomsten meeting meetings",
    )
)
