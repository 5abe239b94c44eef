"""Endpoints of people: signing in, settings, profiles, administration, and the pages about the site."""

from cop.people.routes import about, entrance, managing, organisations, profiles, settings, welcome
from cop.people.routes.blueprint import routes

__all__ = ["about", "entrance", "managing", "organisations", "profiles", "routes", "settings", "welcome"]
