"""The doors of api."""

from __future__ import annotations

from cop.base.web import Routes

routes = Routes("api", __name__)
