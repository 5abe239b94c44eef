"""What a developer looks at, on this machine and outside production only."""

from __future__ import annotations

from flask import Response, request
from sqlalchemy import select

from cop.base.db import db
from cop.base.email import Email
from cop.base.errors import NotFound
from cop.base.web import Routes, endpoint, respond
from cop.config import is_loopback

developing = Routes("developing", __name__)
SHOWN = 100  # emails, newest first
# An email brings its own styles and nothing else: it runs no script and fetches nothing.
EMAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-top-navigation-by-user-activation"


@developing.get("/dev/mail")
@endpoint("developing.mail", open=True)
def mail() -> Response:
    """The mail that went out, or would have."""
    emails = list(db.session.scalars(select(Email).order_by(Email.id.desc()).limit(SHOWN)))
    return respond(page="operations/mail.html", emails=emails)


@developing.get("/dev/mail/<int:id>")
@endpoint("developing.email", open=True)
def email(id: int) -> Response:
    """One mail as text."""
    return respond(page="operations/mail_email.html", email=_email(id))


@developing.get("/dev/mail/<int:id>/html")
@endpoint("developing.email_html", open=True)
def email_html(id: int) -> Response:
    """One mail as a mail program shows it."""
    return Response(
        _email(id).html, content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": EMAIL_POLICY}
    )


def _email(id: int) -> Email:
    found = db.session.get(Email, id)
    if found is None:
        raise NotFound
    return found


@developing.get("/dev/styleguide")
@endpoint("developing.styleguide", open=True)
def styleguide() -> Response:
    """Every part of the interface in all its states."""
    return respond(page="shared/styleguide.html")


@developing.before_request
def _only_here() -> None:
    """These pages hold links by which anybody signs in: they are for who sits at this machine."""
    if not is_loopback(request.remote_addr or ""):
        raise NotFound
