"""The doors of documents."""

from __future__ import annotations

from cop.base.web import Routes

routes = Routes("documents", __name__)
