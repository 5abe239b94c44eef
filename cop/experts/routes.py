"""Endpoints of experts."""

from __future__ import annotations

from cop.base.web import Routes

routes = Routes("experts", __name__)
