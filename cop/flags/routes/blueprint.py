"""The blueprint of flags."""

from __future__ import annotations

from flask_login import current_user

from cop.base.web import Routes
from cop.society.people import Person

routes = Routes("flags", __name__)


def viewer() -> Person:
    """Return the person who is signed in."""
    person: Person = current_user._get_current_object()
    return person
