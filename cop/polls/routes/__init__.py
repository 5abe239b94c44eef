"""Endpoints of date polls."""

from cop.polls import panels
from cop.polls.routes import answering, choosing, making, showing
from cop.polls.routes.blueprint import routes

__all__ = ["answering", "choosing", "making", "panels", "routes", "showing"]
