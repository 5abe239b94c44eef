"""Endpoints of the chat room of a meeting."""

from __future__ import annotations

from flask import Response

from cop.access import viewer
from cop.base.errors import NotFound
from cop.base.web import endpoint, flash, respond
from cop.base.words import _
from cop.chat.forms import RoomOut
from cop.meeting_rooms import actions
from cop.meeting_rooms.models import room_of
from cop.meeting_rooms.routes.blueprint import find_inside, routes
from cop.meetings.routes.showing import show


@routes.get("/meetings/<int:id>/room")
@endpoint("rooms.of_meeting", gives=RoomOut)
def of_meeting(id: int) -> Response:
    """Show the chat room of a meeting."""
    room = room_of(find_inside(id).id)
    if room is None:
        raise NotFound
    return respond(room, to=room.url)


@routes.put("/meetings/<int:id>/room")
@endpoint("rooms.open", gives=RoomOut, form=show)
def open_room(id: int) -> Response:
    """Open the chat room of a meeting, for the first time or again."""
    room = actions.open_room(viewer(), find_inside(id))
    flash(_("De chat is open. Iedereen die deze bijeenkomst ziet, kan meedoen."))
    return respond(room, to=room.url)


@routes.put("/meetings/<int:id>/room/closure")
@endpoint("rooms.close", gives=RoomOut, form=show)
def close_room(id: int) -> Response:
    """Close the chat room of a meeting."""
    meeting = find_inside(id)
    room = actions.close_room(viewer(), meeting)
    flash(_("De chat is gesloten. Iedereen kan hem nog lezen."), undo=f"{meeting.url}/room")
    return respond(room, to=meeting.url)
