"""Endpoints of documents."""

from cop.documents.routes import foldering, keeping, reading, sending, sharing
from cop.documents.routes.blueprint import open_feature, routes

__all__ = ["foldering", "keeping", "open_feature", "reading", "routes", "sending", "sharing"]
