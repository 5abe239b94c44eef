"""Endpoints of the agenda of a meeting."""

from cop.agenda import panels
from cop.agenda.routes import coming, ordering, preparing, questioning
from cop.agenda.routes.blueprint import routes

__all__ = ["coming", "ordering", "panels", "preparing", "questioning", "routes"]
