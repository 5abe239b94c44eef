"""The doors of chat."""

from __future__ import annotations

from cop.base.web import Routes

routes = Routes("chat", __name__)
