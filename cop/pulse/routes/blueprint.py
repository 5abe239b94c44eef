"""The blueprint of the questions after a meeting."""

from __future__ import annotations

from cop.base.web import Routes

routes = Routes("pulse", __name__)
