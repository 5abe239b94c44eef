"""Endpoints of minutes."""

from __future__ import annotations

from cop.base.web import Routes

routes = Routes("minutes", __name__)
