"""Who is asking: the cookie of a browser or the bearer token of a program, read from the database each time."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import Flask, Response, current_app, g, request
from flask_login import LoginManager

from cop.base.db import db
from cop.base.errors import Problem
from cop.base.web import cookie
from cop.base.web.guards import COOKIES, LANGUAGE, SAFE, app_view, bearer
from cop.base.words import _
from cop.society.authentication import AuthContext, by_session, by_token
from cop.society.credentials import SESSION_LASTS
from cop.society.people import Person

# The doors for who has signed in but not yet entered; all others lead them to the first-entry page.
NEWCOMERS = ("people.welcome", "people.enter", "people.sign_out", "people.sign_out_everywhere")


class EntryNeeded(Problem):
    """Signed in, but the house rules and the privacy statement have not been accepted yet."""

    status = 403

    def __init__(self) -> None:
        super().__init__(_("Vul eerst de welkomstpagina in: uw naam, de spelregels en de privacyverklaring."))
        here = request.full_path.rstrip("?") if request.method == "GET" else "/"
        self.to = "/welcome" if here == "/" else f"/welcome?next={quote(here)}"


def cookie_name() -> str:
    """The name of the session cookie under this base address."""
    return COOKIES[0] if current_app.config["COP"].secure else COOKIES[1]


def recognise(*_request: Any) -> tuple[Person, int] | None:
    """(person, session id) of this socket event; who has not entered the house hears nothing in it."""
    found = _asking()
    return (found.person, found.session_id) if found and found.person.entered else None


def _asking() -> AuthContext | None:
    """Who asks, by the credential that came along; a bearer token puts the cookie aside."""
    to_write = request.method not in SAFE
    token = bearer()
    if token is not None:
        return by_token(token, to_write)
    secret = cookie(cookie_name())
    return by_session(secret, to_write) if secret else None


class Sessions(LoginManager):
    """flask-login with sessions of our own (docs/decisions/0002): none of its cookies, and so nothing of what it asks
    of them at each request."""

    def _load_user(self) -> None:
        self._update_request_context_with_user(_load())


def _load() -> Person | None:
    found = _asking()
    if found is None:
        g.session_id = None
        return None
    g.session_id, g.cache_token, g.prefetched = found.session_id, found.society, found.prefetched
    person = found.person
    if person.entered is None and not _for_newcomers():
        g.led = True  # said once: whatever shows the refusal knows its viewer
        raise EntryNeeded
    return person


def _for_newcomers() -> bool:
    view = app_view()
    declared = getattr(view, "endpoint", None)
    return bool(
        g.get("led") or getattr(view, "open", False) or (declared and (declared.open or declared.name in NEWCOMERS))
    )


def person_of(id: int) -> Person | None:
    """The person with this id, read anew, rights included."""
    found = db.session.get(Person, id, populate_existing=True)
    if found is not None:
        found.memo = None
    return found


def open_sessions(app: Flask) -> None:
    """Has flask-login ask us for the person of each request."""
    app.login_manager = Sessions()  # type: ignore[attr-defined]  # `init_app` would also mind its cookie at each answer


def keep(response: Response, secret: str, language: str) -> Response:
    """Gives the browser its session and its language."""
    settings = current_app.config["COP"]
    response.set_cookie(
        cookie_name(),
        secret,
        max_age=int(SESSION_LASTS.total_seconds()),
        secure=settings.secure,
        httponly=True,
        samesite="Lax",
        path="/",
    )
    keep_language(response, language)
    return response


def keep_language(response: Response, language: str) -> Response:
    """Remembers the language in the browser, so that no page has to ask the database for it."""
    response.set_cookie(
        LANGUAGE,
        language,
        max_age=365 * 86400,
        secure=current_app.config["COP"].secure,
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return response


def drop(response: Response) -> Response:
    """Takes the session from the browser."""
    secure = current_app.config["COP"].secure
    response.delete_cookie(cookie_name(), path="/", secure=secure, httponly=True, samesite="Lax")
    return response


__all__ = ["cookie_name", "drop", "keep", "keep_language", "open_sessions", "person_of", "recognise"]
