"""Endpoints of reviews and decisions."""

from cop.reviews.routes import deciding, exporting, reviewing
from cop.reviews.routes.blueprint import routes

__all__ = ["deciding", "exporting", "reviewing", "routes"]
