"""The moment at which a request about a call was received."""

from __future__ import annotations

from datetime import datetime

from flask import g

from cop.base import clock


def note_arrival() -> None:
    """Take the time once, first in the request: a transaction may wait, and whoever is in time stays so."""
    g.received = clock.now()


def received() -> datetime:
    """Return when this request was received."""
    moment: datetime = g.received
    return moment
