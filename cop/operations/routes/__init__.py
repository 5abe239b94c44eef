"""The pages of operations: the state of the platform, for its administrators and for monitoring."""

from __future__ import annotations

from flask import Flask

from cop.operations.routes import health, journal, mending
from cop.operations.routes.blueprint import routes
from cop.operations.routes.developing import developing

__all__ = ["health", "journal", "mending", "open_feature", "routes"]


def open_feature(app: Flask) -> None:
    """Count requests, and add the pages for developers, which production does not have."""
    health.open_metrics(app)
    if app.config["COP"].mode != "production":
        app.register_blueprint(developing)
