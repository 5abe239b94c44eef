"""Endpoints of uses."""

from __future__ import annotations

from cop.base.web import Routes

routes = Routes("uses", __name__)
