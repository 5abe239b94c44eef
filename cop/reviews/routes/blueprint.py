"""The blueprint of reviews and decisions."""

from __future__ import annotations

from cop.base.web import Routes

routes = Routes("reviews", __name__)
