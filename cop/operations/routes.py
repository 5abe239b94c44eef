"""The doors of operations."""

from __future__ import annotations

from cop.base.web import Routes

routes = Routes("operations", __name__)
