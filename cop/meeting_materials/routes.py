"""Endpoints of meeting materials."""

from __future__ import annotations

from flask import Blueprint

routes = Blueprint("meeting_materials", __name__)
