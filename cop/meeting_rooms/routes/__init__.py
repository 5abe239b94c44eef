"""Endpoints of the room of a meeting, its rounds and its photos."""

from cop.meeting_rooms import panels
from cop.meeting_rooms.routes import opening, picturing, rounds
from cop.meeting_rooms.routes.blueprint import routes

__all__ = ["opening", "panels", "picturing", "rounds", "routes"]
