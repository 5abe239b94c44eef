"""Public pages about the site itself, and security.txt."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, current_app

from cop.base import clock, words
from cop.base.web import endpoint, respond
from cop.people.actions.profile import VERSIONS
from cop.people.routes.blueprint import routes


@routes.get("/<any(privacy, accessibility, help, contact, 'house-rules'):name>")
@endpoint("people.about", open=True)
def about(name: str) -> Response:
    """Show privacy, accessibility, help, contact or the house rules: one template per language."""
    return respond(page=f"people/pages/{name}.{words.language.get()}.html", version=VERSIONS.get(name))


@routes.get("/.well-known/security.txt")
@endpoint("people.security_txt", open=True)
def security_txt() -> Response:
    """Return security.txt: where to report a vulnerability (RFC 9116)."""
    settings = current_app.config["COP"]
    expires = (clock.now() + timedelta(days=180)).strftime("%Y-%m-%dT00:00:00Z")
    lines = [
        f"Contact: mailto:{settings.contact}",
        f"Expires: {expires}",
        "Preferred-Languages: nl, en",
        f"Canonical: {settings.base_url}/.well-known/security.txt",
        f"Policy: {settings.base_url}/contact",
    ]
    return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
