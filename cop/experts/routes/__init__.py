"""Endpoints of experts."""

from cop.experts import panels
from cop.experts.routes import answering, asking, guests, mailed
from cop.experts.routes.blueprint import routes

__all__ = ["answering", "asking", "guests", "mailed", "panels", "routes"]
