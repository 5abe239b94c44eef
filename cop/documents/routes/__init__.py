"""The doors of documents."""

from cop.documents.routes import foldering, keeping, reading, sharing
from cop.documents.routes.blueprint import open_room, routes

__all__ = ["foldering", "keeping", "open_room", "reading", "routes", "sharing"]
