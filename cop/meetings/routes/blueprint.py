"""The blueprint of meetings, and what their pages have in common."""

from __future__ import annotations

from typing import Any

from cop import access
from cop.access import viewer
from cop.base import clock
from cop.base.web import Routes
from cop.meetings.models import LINK_SHOWN, Invitee, Meeting, days_of, owner_of, programme_of
from cop.society.people import Person

routes = Routes("meetings", __name__)


def find(id: int) -> Meeting:
    """Return a meeting that the viewer may see; raise NotFound for others."""
    return access.find(viewer(), Meeting, id)


def around(meeting: Meeting) -> dict[str, Any]:
    """Return what every page of a meeting shows around it: whose it is, and its programme."""
    owner = owner_of(meeting)
    return {
        "meeting": meeting,
        "days": days_of(meeting),
        "audience": access.audience(viewer(), meeting.audience_id),
        "programme": programme_of(owner),
    }


def link_for(person: Person, meeting: Meeting, invitee: Invitee | None) -> str:
    """Return the video link for a person who comes, from a day before the start until the end; "" for others."""
    comes = invitee is not None and invitee.answer == "yes"
    now = clock.now()
    soon = meeting.answerable or meeting.status in ("announced", "moved")
    return meeting.video_url if comes and soon and meeting.starts - LINK_SHOWN <= now < meeting.ends else ""
