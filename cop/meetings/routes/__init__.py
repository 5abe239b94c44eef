"""Endpoints of meetings."""

from cop.meetings.routes import announcing, answering, listing, planning, showing
from cop.meetings.routes.blueprint import routes

__all__ = ["announcing", "answering", "listing", "planning", "routes", "showing"]
