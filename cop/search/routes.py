"""The doors of search."""

from __future__ import annotations

from cop.base.web import Routes

routes = Routes("search", __name__)
