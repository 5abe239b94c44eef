"""Endpoints of programmes, communities, members and partnerships."""

from cop.programmes.routes import communities, inviting, members, partnerships, programmes, publishing
from cop.programmes.routes.blueprint import routes

__all__ = ["communities", "inviting", "members", "partnerships", "programmes", "publishing", "routes"]
