"""The nightly examination of the database."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from cop.base import clock, jobs
from cop.base.action import stop_writing
from cop.base.db import integrity_errors

log = logging.getLogger(__name__)
HOUR = 3  # in Amsterdam, when hardly anybody waits for a page


@jobs.job("operations.examine")
def examine() -> None:
    """Stop all writing when the database is damaged: every further row would make the loss larger."""
    if found := integrity_errors():
        log.critical("the database is damaged, nothing is stored any more; restore a backup: %s", "; ".join(found))
        stop_writing()


def next_night(now: datetime) -> datetime:
    """Return the next three o'clock at night in Amsterdam."""
    night = clock.local(now).replace(hour=HOUR, minute=0, second=0, microsecond=0)
    return night if night > now else night + timedelta(days=1)
