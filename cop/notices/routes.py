"""The doors of notices."""

from __future__ import annotations

from cop.base.web import Routes

routes = Routes("notices", __name__)
