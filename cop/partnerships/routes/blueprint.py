"""The blueprint of partnerships, and how their pages find one."""

from __future__ import annotations

from flask_login import current_user

from cop import access
from cop.base.errors import NotFound
from cop.base.web import Routes
from cop.society.programmes import Partnership

routes = Routes("partnerships", __name__)


def is_inside(partnership: Partnership) -> bool:
    """Return whether the viewer is one of its people or of the programme team, who read everything of it."""
    return access.rights(current_user).role_for(partnership) is not None


def find_inside(id: int) -> Partnership:
    """Return a partnership that the viewer is in; raise NotFound for others."""
    found = access.find(current_user, Partnership, id)
    if not is_inside(found):
        raise NotFound
    return found
