"""The blueprint of people and what its endpoints share."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlsplit

from flask import Response, g, request
from flask_login import current_user

from cop import access
from cop.base.errors import SignInNeeded
from cop.base.web import Routes, respond
from cop.people import sessions
from cop.people.forms import Me, own_path
from cop.society.credentials import new_session
from cop.society.people import Person

routes = Routes("people", __name__)


def viewer() -> Person:
    """Return the signed-in person, not flask-login's proxy; raise SignInNeeded when there is none."""
    if not current_user.is_authenticated:
        raise SignInNeeded
    return cast(Person, current_user._get_current_object())


def me(person: Person) -> Me:
    """Return a person as shown to themselves."""
    rights = access.rights(person)
    return Me(
        id=person.id,
        name=person.name,
        mail=person.mail,
        language=person.language,
        admin=person.is_admin,
        organisation=person.organisation.name if person.organisation else None,
        roles={c.slug: rights.roles[c.audience_id] for c in rights.communities},
    )


def agent() -> str:
    """Return the User-Agent header."""
    return request.headers.get("User-Agent", "")


def back() -> str:
    """Return the path of the page that sent the form (Referer without its host)."""
    came = urlsplit(request.headers.get("Referer", ""))
    return own_path(f"{came.path}?{came.query}" if came.query else came.path)


def renewed(person: Person, result: Any, *, to: str) -> Response:
    """Respond after a verb that ended every session: give this browser a new session, in the same transaction."""
    response = respond(result, to=to)
    return sessions.keep(response, new_session(person, agent()), person.language) if g.session_id > 0 else response
