"""Endpoints of meetings."""

from cop.meetings.routes import announcing, answering, exporting, feeds, listing, planning, showing
from cop.meetings.routes.blueprint import routes

__all__ = ["announcing", "answering", "exporting", "feeds", "listing", "planning", "routes", "showing"]
