"""The doors of operations: how the platform does, for its administrators and for machines that watch it."""

from __future__ import annotations

from flask import Flask

from cop.operations.routes import health, journal, mending
from cop.operations.routes.blueprint import routes
from cop.operations.routes.developing import developing

__all__ = ["health", "journal", "mending", "open_feature", "routes"]


def open_feature(app: Flask) -> None:
    """Counts requests, and hangs up the developer's pages, except in production, where they are addresses like
    any other."""
    health.open_counts(app)
    if app.config["COP"].mode != "production":
        app.register_blueprint(developing)
