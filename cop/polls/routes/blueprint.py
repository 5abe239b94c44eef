"""The blueprint of polls, and what their pages have in common."""

from __future__ import annotations

from typing import Any

from cop import access
from cop.access import viewer
from cop.base.web import Routes
from cop.meetings.models import owner_of, programme_of
from cop.polls.models import Poll, find_poll

routes = Routes("polls", __name__)


def find(id: int) -> Poll:
    """Return a poll that the viewer may see; raise NotFound for others."""
    return find_poll(viewer(), id)


def around(poll: Poll) -> dict[str, Any]:
    """Return what every page of a poll shows around it: whose it is, and its programme."""
    return {
        "poll": poll,
        "audience": access.audience(viewer(), poll.audience_id),
        "programme": programme_of(owner_of(poll)),
    }
