"""Links in mail by which one person answers without signing in."""

from __future__ import annotations

from flask import Response, g
from itsdangerous import BadSignature

from cop import access
from cop.base.db import db
from cop.base.errors import Gone
from cop.base.forms import Typed, raw
from cop.base.signing import signer
from cop.base.web import requested_format, respond
from cop.base.words import _
from cop.society.people import Person


def sign(salt: str, id: int, person_id: int) -> str:
    """Return the token by which a person answers what has this id; `salt` says what that is."""
    return signer(salt).dumps([id, person_id])


def read(salt: str, token: str) -> tuple[int, Person] | None:
    """Return the id and the person of a token, None unless it is valid and they have an account still.

    Their rights are read anew: the caller asks whether they may still see what has the id.
    """
    try:
        id, person_id = signer(salt).loads(token)
    except (BadSignature, ValueError, TypeError):
        return None
    person = db.session.get(Person, person_id)
    if person is None or not person.is_active:
        return None
    access.drop_cached_rights(person)
    return id, person


def ended() -> Response:
    """Respond to a link that does not work, or works no longer."""
    if requested_format() == "json":
        raise Gone(_("Deze link geldt niet meer. Log in om verder te gaan."))
    typed = g.get("typed") or Typed(raw() if g.endpoint.takes else {})
    return respond(page="meetings/link_ended.html", status=410, typed=typed)
