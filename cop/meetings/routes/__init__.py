"""Endpoints of meetings."""

from cop.meetings.routes import (
    announcing,
    answering,
    exporting,
    guests,
    handing_over,
    listing,
    planning,
    series,
    showing,
)
from cop.meetings.routes.blueprint import routes

__all__ = [
    "announcing",
    "answering",
    "exporting",
    "guests",
    "handing_over",
    "listing",
    "planning",
    "routes",
    "series",
    "showing",
]
