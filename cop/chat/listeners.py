"""Listeners of chat to verbs of other features."""

from __future__ import annotations

from sqlalchemy import delete, select

from cop.base.db import db
from cop.base.events import Event, on
from cop.chat.models import Presence, Room, ensure_room
from cop.society.audience import Guest
from cop.society.programmes import Community
from cop.things import Follow, Mark, Thing
from cop.things.removal import before_removal


@on("communities.add")
def open_room(event: Event) -> None:
    """Give a new community its chat room."""
    community: Community = event.result
    ensure_room(community)


@before_removal
def remove_rooms(audience_id: int) -> None:
    """Delete the empty chat rooms of a community that is removed."""
    rooms = list(db.session.scalars(select(Thing.id).where(Thing.audience_id == audience_id, Thing.kind == "room")))
    db.session.execute(delete(Presence).where(Presence.room_id.in_(rooms)))
    for kind in (Follow, Guest, Mark):
        db.session.execute(delete(kind).where(kind.thing_id.in_(rooms)))
    for room in db.session.scalars(select(Room).where(Room.id.in_(rooms))):
        db.session.delete(room)
    db.session.flush()
