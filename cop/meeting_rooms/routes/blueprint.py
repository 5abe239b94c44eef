"""The blueprint of the room of a meeting, its rounds and its photos."""

from __future__ import annotations

from cop import access
from cop.base.errors import NotFound
from cop.base.web import Routes
from cop.meetings.models import Meeting
from cop.meetings.routes.blueprint import find, viewer

routes = Routes("meeting_rooms", __name__)


def find_inside(id: int) -> Meeting:
    """Return an announced meeting in whose audience the viewer is; raise NotFound for others."""
    meeting = find(id)
    if meeting.status == "draft" or access.rights(viewer()).role(meeting.audience_id) is None:
        raise NotFound
    return meeting
