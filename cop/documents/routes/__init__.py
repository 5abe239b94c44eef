"""Endpoints of documents."""

from cop.documents.routes import foldering, keeping, publishing, reading, sending, sharing
from cop.documents.routes.blueprint import open_feature, routes

__all__ = ["foldering", "keeping", "open_feature", "publishing", "reading", "routes", "sending", "sharing"]
