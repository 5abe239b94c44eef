"""What the one who asks can read."""

from __future__ import annotations

from typing import Literal

from flask import request

API = "/api/v1"
STREAM = "text/vnd.turbo-stream.html"


def cookie(name: str) -> str:
    """A cookie of the browser that asks, else nothing; its own `get` makes an answer 400 of one that is not there."""
    sent = request.cookies
    return sent[name] if name in sent else ""  # noqa: SIM401


def requested_format() -> Literal["json", "stream", "html"]:
    """json for the API and for who accepts only that, stream for the enhanced browser, else html."""
    if request.path.startswith(API + "/"):
        return "json"
    accept = request.environ.get("HTTP_ACCEPT", "")
    if STREAM in accept:
        return "stream"
    if "application/json" in accept and "text/html" not in accept:
        return "json"
    return "html"
