"""Admission of a websocket: nobody gets one before they are known, and nobody more than their share."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask import Flask

from cop.base.db import db
from cop.base.hooks import hooks
from cop.base.live.sockets import sockets

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]
STATUS = {
    400: "400 BAD REQUEST",
    401: "401 UNAUTHORIZED",
    403: "403 FORBIDDEN",
    429: "429 TOO MANY REQUESTS",
    503: "503 SERVICE UNAVAILABLE",
}


@dataclass
class Admission:
    """A connection of a person, counted until it is released."""

    person: int
    binary_cap: int = 0  # bytes of a binary message, as its places allow; 0 refuses them
    taken: bool = False  # whether the wire holds the connection, and releases it at its end

    def release(self) -> None:
        """Count the connection no more."""
        sockets.release(self.person)


def admitting(app: Flask, live: Wsgi, origins: list[str], most: int) -> Wsgi:
    """Return `live` behind a check of every websocket upgrade.

    It needs an origin of ours (or none, as programs send), a session cookie or bearer token that is valid now, a person
    with fewer than SOCKETS_PER_PERSON connections and a process with fewer than `most`.
    """

    def admitted(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        refusal = _refusal(environ, origins)
        person = 0
        if not refusal:
            person = _person(app, environ)
            refusal = sockets.reserve(person, most) if person else 401
        if refusal:
            start_response(STATUS[refusal], [("Content-Length", "0"), *_retry(refusal)])
            return []
        admission = Admission(person)
        environ["cop.admission"] = admission
        try:
            return live(environ, start_response)
        finally:
            if not admission.taken:
                admission.release()

    return admitted


def _retry(status: int) -> list[tuple[str, str]]:
    return [("Retry-After", "30")] if status in (429, 503) else []


def _refusal(environ: dict[str, Any], origins: list[str]) -> int:
    """Return the HTTP status that refuses a malformed or foreign upgrade, or 0."""
    origin = environ.get("HTTP_ORIGIN")
    if origin is not None and origin not in origins:
        return 403
    if environ["REQUEST_METHOD"] != "GET" or environ.get("HTTP_UPGRADE", "").lower() != "websocket":
        return 400
    try:
        key = base64.b64decode(environ.get("HTTP_SEC_WEBSOCKET_KEY", ""), validate=True)
    except binascii.Error:
        return 400
    return 0 if len(key) == 16 and environ.get("HTTP_SEC_WEBSOCKET_VERSION") == "13" else 400


def _person(app: Flask, environ: dict[str, Any]) -> int:
    """Return the id of the person whose session cookie or bearer token the handshake carries, 0 without one."""
    with app.request_context(environ):
        try:
            found = hooks().authenticate()
            return int(found[0].id) if found else 0
        finally:
            db.session.remove()
