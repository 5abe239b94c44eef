"""Endpoints of calls, applications, reviews and decisions."""

from cop.intake.routes import accepting, applying, attaching, calling, deciding, exporting, reviewing
from cop.intake.routes.blueprint import routes

__all__ = ["accepting", "applying", "attaching", "calling", "deciding", "exporting", "reviewing", "routes"]
