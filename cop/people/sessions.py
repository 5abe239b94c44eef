"""Authentication of requests and socket events, by session cookie or bearer token."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from flask import Flask, Response, current_app, g, request
from flask_login import LoginManager

from cop.base.db import db
from cop.base.errors import Problem, ViewerChanged
from cop.base.web import cookie
from cop.base.web.guards import COOKIES, LANGUAGE, SAFE, app_view, bearer
from cop.base.words import _
from cop.society.authentication import AuthContext, ViewerCache, by_session, by_token, viewers
from cop.society.credentials import SESSION_LASTS
from cop.society.people import Person

# Endpoints for people who have signed in but not completed the first-entry page; all others redirect to it.
NEWCOMERS = ("people.welcome", "people.enter", "people.sign_out", "people.sign_out_everywhere")

# Endpoints with a face for who is not signed in; to a newcomer they are as closed as all others.
WITH_PUBLIC_FACE = ("home.show", "programmes.show")


class EntryNeeded(Problem):
    """The person has not yet accepted the house rules and the privacy statement."""

    status = 403

    def __init__(self) -> None:
        super().__init__(_("Vul eerst de welkomstpagina in: uw naam, de spelregels en de privacyverklaring."))
        here = request.full_path.rstrip("?") if request.method == "GET" else "/"
        self.to = "/welcome" if here == "/" else f"/welcome?next={quote(here)}"


def cookie_name() -> str:
    """Return the name of the session cookie for this base address."""
    return COOKIES[0] if current_app.config["COP"].secure else COOKIES[1]


def authenticate_socket(*_request: Any) -> tuple[Person, int] | None:
    """Return (person, session id) of a socket event; None until the person has completed the first-entry page."""
    context = _authenticate()
    return (context.person, context.session_id) if context and context.person.entered else None


def _authenticate() -> AuthContext | None:
    """Return who sent the request; a bearer token takes precedence over the cookie."""
    to_write = request.method not in SAFE
    token = bearer()
    if token is not None:
        return by_token(token, to_write)
    secret = cookie(cookie_name())
    return by_session(secret, to_write) if secret else None


class Sessions(LoginManager):
    """flask-login with sessions in our own table instead of its cookies (docs/decisions/0002)."""

    def _load_user(self) -> None:
        self._update_request_context_with_user(_load())


def _load() -> Person | None:
    context = _authenticate()
    if context is None:
        g.session_id = None
        return None
    g.session_id, g.cache_token, g.prefetched = context.session_id, context.cache_token, context.prefetched
    person = context.person
    # A page that was open while somebody else signed in would post, and keep its drafts, under the wrong name.
    shown_to = request.headers.get("X-Viewer") if request.method not in SAFE else None
    if shown_to not in (None, str(person.id)) and not g.get("viewer_refused"):
        g.viewer_refused = True  # raised once: the error page may load its viewer
        raise ViewerChanged
    if person.entered is None and not _open_to_newcomers():
        g.entry_refused = True  # raised once: the error page may load its viewer
        raise EntryNeeded
    return person


def _open_to_newcomers() -> bool:
    view = app_view()
    declared = getattr(view, "endpoint", None)
    if g.get("entry_refused") or getattr(view, "open", False):
        return True
    if declared is None or declared.name in WITH_PUBLIC_FACE:
        return False
    return bool(declared.open) or declared.name in NEWCOMERS


def person_of(id: int) -> Person | None:
    """Return the person with this id, read again from the database and without cached rights."""
    person = db.session.get(Person, id, populate_existing=True)
    if person is not None:
        person.memo = None
    return person


def open_sessions(app: Flask) -> None:
    """Make flask-login load the person of each request with `Sessions`."""
    viewers.most = ViewerCache.MOST if int(app.config["COP"].body_cache) else 0
    app.login_manager = Sessions()  # type: ignore[attr-defined]  # `init_app` would also set its cookies


def keep(response: Response, secret: str, language: str) -> Response:
    """Set the cookies for the session and the language."""
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
    """Set the language cookie, so that no page needs the database for it."""
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
    """Delete the session cookie."""
    secure = current_app.config["COP"].secure
    response.delete_cookie(cookie_name(), path="/", secure=secure, httponly=True, samesite="Lax")
    return response


__all__ = ["authenticate_socket", "cookie_name", "drop", "keep", "keep_language", "open_sessions", "person_of"]
