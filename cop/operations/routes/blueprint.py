"""The blueprint of operations, and who may see its pages."""

from __future__ import annotations

from flask_login import current_user

from cop import access
from cop.base.errors import Forbidden
from cop.base.web import Routes
from cop.base.words import _

routes = Routes("operations", __name__)


def only_administrators() -> None:
    """Raise Forbidden unless the person is an administrator."""
    if not access.may(current_user, "jobs.revive", None):
        raise Forbidden(_("Deze pagina is voor beheerders. Neem contact op als er iets niet werkt."))
