"""Endpoints of guidance."""

from __future__ import annotations

from cop.base.web import Routes

routes = Routes("guidance", __name__)
