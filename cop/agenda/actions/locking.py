"""The lock of a meeting's agenda: two who change it at once wait for each other."""

from __future__ import annotations

from sqlalchemy import select

from cop.base.db import db
from cop.base.errors import Conflict
from cop.base.words import _
from cop.meetings.models import OPEN, Meeting


def lock_agenda(meeting: Meeting) -> None:
    """Lock the agenda of a meeting until the commit, and read the meeting anew.

    SQLite has one writer at a time and needs no lock.
    """
    own = select(Meeting).where(Meeting.id == meeting.id)
    db.session.scalar(own.with_for_update(key_share=True).execution_options(populate_existing=True))


def lock_open_agenda(meeting: Meeting) -> None:
    """Lock the agenda of a meeting; raise Conflict when it is over or cancelled."""
    lock_agenda(meeting)
    if meeting.status not in ("draft", *OPEN):
        raise Conflict(_("Deze bijeenkomst is voorbij of afgezegd. Het programma staat vast."))
