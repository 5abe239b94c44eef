"""The blueprint of guidance, and what its endpoints have in common."""

from __future__ import annotations

from flask_login import current_user

from cop import access
from cop.base.web import Routes
from cop.guidance.models import Card
from cop.society.people import Person

routes = Routes("guidance", __name__)


def viewer() -> Person:
    """Return the person who is signed in."""
    person: Person = current_user._get_current_object()
    return person


def find(id: int) -> Card:
    """Return a card that the viewer may see; raise NotFound for others."""
    return access.find(viewer(), Card, id)
