"""Endpoints of guidance."""

from cop.guidance import panels
from cop.guidance.routes import confirming, keeping, reviewing, showing, sourcing, writing
from cop.guidance.routes.blueprint import routes

__all__ = ["confirming", "keeping", "panels", "reviewing", "routes", "showing", "sourcing", "writing"]
