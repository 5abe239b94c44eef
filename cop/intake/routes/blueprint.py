"""The blueprint of intake, and the moment at which each of its requests was received."""

from __future__ import annotations

from datetime import datetime

from flask import g

from cop.base import clock
from cop.base.web import Routes

routes = Routes("intake", __name__)


@routes.before_request
def note_arrival() -> None:
    """Take the time once, first in the request: a transaction may wait, and whoever is in time stays so."""
    g.received = clock.now()


def received() -> datetime:
    """Return when this request was received."""
    moment: datetime = g.received
    return moment
