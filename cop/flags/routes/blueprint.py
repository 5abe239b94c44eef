"""The blueprint of flags."""

from __future__ import annotations

from cop.base.web import Routes

routes = Routes("flags", __name__)
