"""What a developer looks at, on this machine and outside production only."""

from __future__ import annotations

from flask import Response, request
from sqlalchemy import select

from cop.base.db import db
from cop.base.errors import NotFound
from cop.base.mail import Letter
from cop.base.web import Routes, answer, door
from cop.config import is_loopback

developing = Routes("developing", __name__)
SHOWN = 100  # letters, newest first
# A letter brings its own styles and nothing else: it runs no script and fetches nothing.
LETTER_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-top-navigation-by-user-activation"


@developing.get("/dev/mail")
@door("developing.mail", open=True)
def mail() -> Response:
    """The mail that went out, or would have."""
    letters = list(db.session.scalars(select(Letter).order_by(Letter.id.desc()).limit(SHOWN)))
    return answer(page="operations/mail.html", letters=letters)


@developing.get("/dev/mail/<int:id>")
@door("developing.letter", open=True)
def letter(id: int) -> Response:
    """One mail as text."""
    return answer(page="operations/mail_letter.html", letter=_letter(id))


@developing.get("/dev/mail/<int:id>/html")
@door("developing.letter_html", open=True)
def letter_html(id: int) -> Response:
    """One mail as a mail program shows it."""
    return Response(
        _letter(id).html, content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": LETTER_POLICY}
    )


def _letter(id: int) -> Letter:
    found = db.session.get(Letter, id)
    if found is None:
        raise NotFound
    return found


@developing.get("/dev/styleguide")
@door("developing.styleguide", open=True)
def styleguide() -> Response:
    """Every part of the interface in all its states."""
    return answer(page="shared/styleguide.html")


@developing.before_request
def _only_here() -> None:
    """These pages hold links by which anybody signs in: they are for who sits at this machine."""
    if not is_loopback(request.remote_addr or ""):
        raise NotFound
