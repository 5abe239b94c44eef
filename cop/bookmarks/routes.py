"""Endpoints of bookmarks."""

from __future__ import annotations

from cop.base.web import Routes

routes = Routes("bookmarks", __name__)
