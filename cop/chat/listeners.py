"""Listeners of chat to verbs of other features."""

from __future__ import annotations

from cop.base.events import Event, on
from cop.chat.models import ensure_room
from cop.society.programmes import Community


@on("communities.add")
def open_room(event: Event) -> None:
    """Give a new community its chat room."""
    community: Community = event.result
    ensure_room(community)
