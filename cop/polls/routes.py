"""Endpoints of polls."""

from __future__ import annotations

from cop.base.web import Routes

routes = Routes("polls", __name__)
