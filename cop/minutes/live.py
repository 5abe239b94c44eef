"""The live place of those who write minutes: which blocks changed, and who holds them."""

from __future__ import annotations

from functools import partial

from cop.access.visibility import OWN_PLACES
from cop.base import live
from cop.base.db import end_reading
from cop.base.events import Event, after
from cop.base.web import render
from cop.minutes.events import BlocksChanged
from cop.minutes.models import Minutes, block_rows, last_seq

OWN_PLACES["minutes"] = last_seq


@after(BlocksChanged)
def show(event: BlocksChanged) -> None:
    """Send the blocks that changed to those who write."""
    place = f"minutes:{event.minutes}"
    if live.has_listeners(place):
        for row in sorted(block_rows(event.minutes, ids=event.blocks), key=lambda one: one.seq):
            live.publish(place, row.seq, event.verb, row.id, partial(render, "minutes/_block.html", block=row))
    end_reading()


@after("minutes.share")
def shared(event: Event) -> None:
    """Take those out of the place who do not write along any more."""
    minutes: Minutes = event.thing
    live.recheck_place(f"minutes:{minutes.id}")


@after("meetings.cancel", "meetings.remove")
def ended(event: Event) -> None:
    """Check again who may be in the place of minutes whose meeting is over."""
    live.recheck_place(f"minutes:{event.thing.id}")
