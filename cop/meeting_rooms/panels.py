"""The room, the rounds and the photos on the page of a meeting."""

from __future__ import annotations

from markupsafe import Markup

from cop import access
from cop.base import clock
from cop.base.forms import Typed
from cop.base.web import cached
from cop.base.web.pages import render
from cop.meeting_rooms.models import ADDING, EARLIEST, Parts, open_for_adding, opens_room, parts_of
from cop.meetings.models import Meeting, prepares
from cop.meetings.panels import meeting_panel
from cop.society.people import Person


@meeting_panel(25)
def day(person: Person, meeting: Meeting) -> Markup:
    """Return the section; "" for a guest, before the week in which its room can open, and where there is nothing."""
    if access.rights(person).role(meeting.audience_id) is None or meeting.status == "draft":
        return Markup()
    if clock.now() < meeting.starts - EARLIEST:
        return Markup()
    parts = _parts(person, meeting)
    adds, led, opens = open_for_adding(meeting), prepares(person, meeting), _opens(person, meeting, parts)
    if not (parts or adds or opens):
        return Markup()
    return Markup(
        render(
            "meeting_rooms/_panel.html",
            meeting=meeting,
            typed=Typed(),  # what was refused is shown again on the page of rounds
            parts=parts,
            viewer_id=person.id,
            answers=access.may(person, "rounds.answer", meeting),
            leads=led and access.may(person, "rounds.start", meeting),
            starts=led and adds and parts.open_round is None and access.may(person, "rounds.start", meeting),
            adds=adds and access.may(person, "photos.add", meeting),
            opens=opens,
            closes=parts.room_id is not None
            and parts.room_closed is None
            and access.may(person, "rooms.close", meeting),
        )
    )


def _opens(person: Person, meeting: Meeting, parts: Parts) -> bool:
    """Return whether the person can open the room, which is not there or is closed."""
    closed = parts.room_id is None or parts.room_closed is not None
    return closed and opens_room(meeting) and access.may(person, "rooms.open", meeting)


def _parts(person: Person, meeting: Meeting) -> Parts:
    """Return the parts of a meeting; that there are none is remembered once none can come, except by its team."""
    read: list[Parts] = []

    def nothing() -> bool:
        read.append(parts_of(meeting.id, person.id))
        return not read[0]

    plans = access.rights(person).plans(meeting.audience_id)
    if clock.now() >= meeting.ends + ADDING and not plans and cached(("no_parts", meeting.id, meeting.ends), nothing):
        return Parts()
    return read[0] if read else parts_of(meeting.id, person.id)
