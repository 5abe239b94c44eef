"""Endpoints of meetings."""

from cop.meetings.routes import announcing, answering, feeds, handing_over, listing, planning, showing
from cop.meetings.routes.blueprint import routes

__all__ = ["announcing", "answering", "feeds", "handing_over", "listing", "planning", "routes", "showing"]
