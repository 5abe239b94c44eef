"""Endpoints of flags."""

from __future__ import annotations

from flask import Blueprint

routes = Blueprint("flags", __name__)
