"""Endpoints of partnerships: their page, local challenge, check-ins, questions and consent."""

from cop.partnerships.routes import asking, challenge, checking_in, managing, showing
from cop.partnerships.routes.blueprint import routes

__all__ = ["asking", "challenge", "checking_in", "managing", "routes", "showing"]
