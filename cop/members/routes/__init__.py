"""Endpoints of members and invitations."""

from cop.members.routes import inviting, members
from cop.members.routes.blueprint import routes

__all__ = ["inviting", "members", "routes"]
