"""The live place of the screens of a meeting's day: that something changed, after which they fetch their own state."""

from __future__ import annotations

from functools import partial
from typing import Any

from cop.access.visibility import OWN_PLACES
from cop.attendance.models import last_seq, raise_seq, seq_of
from cop.base import live
from cop.base.action import on_commit
from cop.base.db import end_reading
from cop.base.events import Event, on
from cop.meetings.models import Meeting

OWN_PLACES["day"] = last_seq


@on(
    *("attendance.mark", "attendance.unmark", "meetings.attend"),
    *("agenda.add", "agenda.edit", "agenda.fill", "agenda.move", "agenda.remove", "agenda.restore"),
    *("meetings.ask", "questions.edit", "questions.hide", "questions.restore", "questions.withdraw"),
    *("questions.place", "questions.unplace", "questions.vote", "questions.unvote"),
    *(
        "meetings.edit",
        "meetings.move",
        "meetings.rsvp",
        "meetings.leave_out",
        "meetings.uninvite_guest",
        "meetings.hold",
    ),
)
def changed(event: Event) -> None:
    """Count the change, and tell the open screens once it is stored."""
    id = event.thing.id if isinstance(event.thing, Meeting) else event.thing.meeting_id
    raise_seq(id)
    on_commit(_tell, id)


def _tell(meetings: list[Any]) -> None:
    for id in meetings:
        place = f"day:{id}"
        if live.has_listeners(place):
            live.emit(place, "changed", partial(dict, place=place, seq=seq_of(id)))
    end_reading()


@on("meetings.cancel")
def cancelled(event: Event) -> None:
    """Take everybody out of the place of a meeting that does not take place."""
    on_commit(_recheck, event.thing.id)


def _recheck(meetings: list[Any]) -> None:
    for id in meetings:
        live.recheck_place(f"day:{id}")
