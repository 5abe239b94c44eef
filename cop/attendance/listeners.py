"""What other features ask of the list of a meeting's day."""

from __future__ import annotations

from cop.attendance.models import attended
from cop.meeting_rooms.models import expects
from cop.meetings.models import Meeting


@expects
def present(meeting: Meeting) -> list[int] | None:
    """Expect those who were there, where a list is kept."""
    return attended(meeting.id) or None
