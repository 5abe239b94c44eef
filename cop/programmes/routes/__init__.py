"""Endpoints of programmes and communities."""

from cop.programmes.routes import communities, programmes, publishing
from cop.programmes.routes.blueprint import routes

__all__ = ["communities", "programmes", "publishing", "routes"]
