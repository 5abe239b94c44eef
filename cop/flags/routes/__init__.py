"""Endpoints of flags, of the desk of the moderators, and of rulings."""

from cop.flags.routes import desk, flagging, rulings
from cop.flags.routes.blueprint import routes

__all__ = ["desk", "flagging", "routes", "rulings"]
