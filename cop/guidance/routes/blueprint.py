"""The blueprint of guidance, and what its endpoints have in common."""

from __future__ import annotations

from cop import access
from cop.access import viewer
from cop.base.web import Routes
from cop.guidance.models import Card

routes = Routes("guidance", __name__)


def find(id: int) -> Card:
    """Return a card that the viewer may see; raise NotFound for others."""
    return access.find(viewer(), Card, id)
