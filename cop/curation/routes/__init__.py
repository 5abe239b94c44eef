"""Endpoints of curation."""

from cop.curation import panels
from cop.curation.routes import log, notes, threads
from cop.curation.routes.blueprint import routes

__all__ = ["log", "notes", "panels", "routes", "threads"]
