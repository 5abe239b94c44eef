"""Endpoints of calendars."""

from cop.calendars.routes import feeds, showing
from cop.calendars.routes.blueprint import routes

__all__ = ["feeds", "routes", "showing"]
