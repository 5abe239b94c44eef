"""Endpoints of breaches."""

from __future__ import annotations

from flask import Blueprint

routes = Blueprint("breaches", __name__)
