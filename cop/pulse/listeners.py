"""Jobs of the questions after meetings: sending them, and making answers untraceable when they are closed."""

from __future__ import annotations

import logging

from cop import access
from cop.base import jobs
from cop.base.db import db
from cop.base.errors import Conflict
from cop.meetings.models import owner_of, programme_of
from cop.pulse import actions
from cop.pulse.models import meetings_due, meetings_to_seal

log = logging.getLogger(__name__)


@jobs.job("pulse.ask")
def ask() -> None:
    """Send the questions that are due, of each meeting in a transaction of its own; none of a programme in the archive."""
    for meeting in meetings_due():
        if programme_of(owner_of(meeting)).archived:
            continue
        try:
            actions.ask(access.SYSTEM, meeting)
        except Conflict:  # nobody was there, or somebody has just sent them
            db.session.rollback()
            log.debug("no questions after meeting %s", meeting.id)


@jobs.job("pulse.close")
def close() -> None:
    """Make the answers untraceable to the questions that have closed."""
    for meeting in meetings_to_seal():
        actions.close(access.SYSTEM, meeting)
