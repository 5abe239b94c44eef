"""Endpoints of applications."""

from cop.applications.routes import accepting, applying, attaching
from cop.applications.routes.blueprint import routes

__all__ = ["accepting", "applying", "attaching", "routes"]
