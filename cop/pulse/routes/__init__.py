"""Endpoints of the questions after a meeting, and of certificates of attendance."""

from cop.pulse import panels
from cop.pulse.routes import answering, asking, certifying
from cop.pulse.routes.blueprint import routes

__all__ = ["answering", "asking", "certifying", "panels", "routes"]
