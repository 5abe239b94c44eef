"""The blueprint of the agenda."""

from __future__ import annotations

from cop.base.web import Routes

routes = Routes("agenda", __name__)
