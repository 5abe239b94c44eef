"""The live place of the rounds of a meeting: that something changed, whereupon pages ask for what their reader sees."""

from __future__ import annotations

from cop.access.visibility import OWN_PLACES
from cop.base import live
from cop.base.db import end_reading
from cop.base.events import Event, after
from cop.meeting_rooms.events import RoundChanged
from cop.meeting_rooms.models import last_seq, seq_of

OWN_PLACES["rounds"] = last_seq


@after(RoundChanged)
def changed(event: RoundChanged) -> None:
    """Send the number of the change, and nothing of what changed: who reads which answers differs."""
    place = f"rounds:{event.meeting}"
    if live.has_listeners(place):
        live.publish(place, seq_of(event.meeting), event.verb, event.round, str)
    end_reading()


@after("meetings.cancel")
def ended(event: Event) -> None:
    """Check again who may be in the place of a meeting that is cancelled."""
    live.recheck_place(f"rounds:{event.thing.id}")
