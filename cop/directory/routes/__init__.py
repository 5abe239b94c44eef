"""Endpoints of the directory and of municipalities."""

from cop.directory.routes import listing, municipalities
from cop.directory.routes.blueprint import routes

__all__ = ["listing", "municipalities", "routes"]
