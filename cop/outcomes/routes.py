"""Endpoints of outcomes."""

from __future__ import annotations

from cop.base.web import Routes

routes = Routes("outcomes", __name__)
