"""The doors of programmes."""

from __future__ import annotations

from cop.base.web import Routes

routes = Routes("programmes", __name__)
