"""The blueprint of calendars."""

from __future__ import annotations

from cop.base.web import Routes

routes = Routes("calendars", __name__)
