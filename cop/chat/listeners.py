"""Listeners of chat to verbs of other features."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select

from cop.base.db import db
from cop.base.events import Event, on
from cop.chat.models import Presence, Room, ensure_room
from cop.society.audience import Guest
from cop.society.programmes import Community, Partnership
from cop.things import Follow, Mark, Thing
from cop.things.removal import before_removal


@on("communities.add", "partnerships.add")
def open_room(event: Event) -> None:
    """Give a new community or partnership its chat room."""
    owner: Community | Partnership = event.result
    ensure_room(owner)


@on("applications.accept")
def open_room_of_application(event: Any) -> None:
    """Give the partnership of an accepted application its chat room."""
    ensure_room(db.session.get_one(Partnership, event.partnership))


@before_removal
def remove_rooms(audience_id: int) -> None:
    """Delete the empty chat rooms of a community or partnership that is removed."""
    rooms = list(db.session.scalars(select(Thing.id).where(Thing.audience_id == audience_id, Thing.kind == "room")))
    db.session.execute(delete(Presence).where(Presence.room_id.in_(rooms)))
    for kind in (Follow, Guest, Mark):
        db.session.execute(delete(kind).where(kind.thing_id.in_(rooms)))
    for room in db.session.scalars(select(Room).where(Room.id.in_(rooms))):
        db.session.delete(room)
    db.session.flush()
