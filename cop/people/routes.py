"""The doors of people."""

from __future__ import annotations

from cop.base.web import Routes

routes = Routes("people", __name__)
