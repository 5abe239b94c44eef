"""Content negotiation: the format of the response to a request."""

from __future__ import annotations

from typing import Literal

from flask import request

API = "/api/v1"
STREAM = "text/vnd.turbo-stream.html"


def cookie(name: str) -> str:
    """Return a cookie of the request, or "". (Werkzeug's `get` builds a 400 response for one that is missing.)"""
    sent = request.cookies
    return sent[name] if name in sent else ""  # noqa: SIM401


def can_place(targets: frozenset[str]) -> bool:
    """Return whether the page that asks has the elements that a stream changes; a client that does not say so, has them.

    A form may be sent from a page about one post, where the list of posts is not: its answer is a redirect then.
    """
    named = request.headers.get("X-Stream-Targets")
    return named is None or targets <= frozenset(named.split())


def requested_format() -> Literal["json", "stream", "html"]:
    """Return json for the API and clients that accept only that, stream for a browser with Turbo, else html."""
    if request.path.startswith(API + "/"):
        return "json"
    accept = request.environ.get("HTTP_ACCEPT", "")
    if STREAM in accept:
        return "stream"
    if "application/json" in accept and "text/html" not in accept:
        return "json"
    return "html"
