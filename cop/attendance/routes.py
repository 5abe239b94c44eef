"""Endpoints of the feature."""

from __future__ import annotations

from cop.attendance import models  # noqa: F401  # the table
from cop.base.web import Routes

routes = Routes("attendance", __name__)
