"""The blueprint of the room of a meeting, its rounds and its photos."""

from __future__ import annotations

from cop.access import viewer
from cop.base.web import Routes
from cop.meeting_rooms.models import find_meeting
from cop.meetings.models import Meeting

routes = Routes("meeting_rooms", __name__)


def find_inside(id: int) -> Meeting:
    """Return an announced meeting in whose audience the viewer is; raise NotFound for others."""
    return find_meeting(viewer(), id)
