"""The blueprint of applications."""

from __future__ import annotations

from cop.base.web import Routes
from cop.intake.arrival import note_arrival

routes = Routes("applications", __name__)
routes.before_request(note_arrival)
