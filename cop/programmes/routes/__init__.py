"""Endpoints of programmes, communities and members."""

from cop.programmes.routes import communities, inviting, members, programmes, publishing
from cop.programmes.routes.blueprint import routes

__all__ = ["communities", "inviting", "members", "programmes", "publishing", "routes"]
