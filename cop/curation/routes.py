"""Endpoints of curation."""

from __future__ import annotations

from cop.base.web import Routes

routes = Routes("curation", __name__)
