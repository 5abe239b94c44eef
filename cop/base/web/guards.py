"""Checks before and after every request: hosts, CSRF, sign-in, rate limits, headers and error pages."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlsplit

from flask import Flask, Request, Response, current_app, g, redirect, request
from flask.sessions import NullSession, SessionInterface
from flask_login import current_user
from itsdangerous import BadSignature, URLSafeSerializer
from pydantic import BaseModel
from sqlalchemy.exc import OperationalError
from werkzeug.datastructures import LanguageAccept
from werkzeug.exceptions import HTTPException, SecurityError
from werkzeug.http import parse_accept_header
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter

from cop.base import errors, forms, words
from cop.base.action import write_priority
from cop.base.db import db
from cop.base.errors import Problem
from cop.base.hooks import hooks
from cop.base.web import pages, rate_limits
from cop.base.web.negotiation import API, cookie, requested_format
from cop.base.web.responses import FLASH_COOKIE, Flash
from cop.config import Settings, is_loopback

LANGUAGE = "cop-language"
SAFE = ("GET", "HEAD", "OPTIONS")
SMALL = 64 * 1024  # bytes of a body that anybody with a credential may send before it is checked
LARGEST_OPEN = 256 * 1024  # bytes of a body where nobody need be signed in: it fits in memory
COOKIES = ("__Host-cop", "cop")  # on https; on http:// loopback, where browsers refuse the prefix


class Error(BaseModel):
    """problem+json (RFC 9457) with a message per field."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = ""
    errors: dict[str, str] = {}


class IdConverter(IntegerConverter):
    """Ids as the database has them: a larger number matches no route."""

    def __init__(self, map: Any, **options: Any):
        super().__init__(map, **{"max": forms.LARGEST_ID, **options})


def open_guards(app: Flask) -> None:
    """Install the checks before and after every request."""
    settings = app.config["COP"]
    app.config["TRUSTED_HOSTS"] = settings.hosts
    app.config["MAX_FORM_MEMORY_SIZE"] = 1024 * 1024
    app.config["MAX_FORM_PARTS"] = 200
    app.config["MAX_CONTENT_LENGTH"] = 4 * 1024 * 1024  # an upload endpoint raises it for itself
    app.session_interface = NoSession()
    app.url_map.converters["int"] = IdConverter
    app.url_map.strict_slashes = False
    if int(settings.proxies):
        n = int(settings.proxies)
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=0)  # type: ignore[method-assign]
    app.before_request(_before)
    app.after_request(_after)
    app.wsgi_app = SecurityHeaders(app.wsgi_app, secure=settings.secure)  # type: ignore[method-assign]
    app.register_error_handler(Problem, _problem)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(Exception, _broken)
    app.extensions["flash"] = URLSafeSerializer(settings.secret_key, salt="flash")


class NoSession(SessionInterface):
    """No Flask session: sessions are in the database."""

    NONE = NullSession()

    def open_session(self, app: Flask, request: Request) -> NullSession:
        return self.NONE

    def is_null_session(self, obj: object) -> bool:
        return True


def _language(received: Request) -> str:
    chosen = cookie(LANGUAGE)
    return chosen if chosen in words.LANGUAGES else _preferred(received.environ.get("HTTP_ACCEPT_LANGUAGE", ""))


@lru_cache(maxsize=200)
def _preferred(accepted: str) -> str:
    """Return the best of our languages for an Accept-Language header; cached, for browsers send few different ones."""
    ours = parse_accept_header(accepted, LanguageAccept).best_match(list(words.LANGUAGES))
    return ours or words.SOURCE


def _before() -> Response | None:
    received: Request = request._get_current_object()  # type: ignore[attr-defined]  # a proxy
    words.language.set(_language(received))
    settings = _settings()
    if isinstance(received.routing_exception, SecurityError):
        raise received.routing_exception  # a host that is not ours
    if settings.demo and (
        any(name.startswith("X-Forwarded") for name, _value in received.headers)
        or not is_loopback(urlsplit(f"//{received.host}").hostname or "")
    ):
        raise errors.BadRequest(words._("De demonstratie is alleen op deze computer te openen."))
    writing = received.method not in SAFE
    if not writing:
        write_priority.yield_to_writers()
    view = app_view()
    declared = getattr(view, "endpoint", None)
    if writing or received.path.startswith(f"{API}/"):
        _limit_rate(settings, writing, anonymous=declared is not None and declared.open)
    if "\0" in received.path:
        raise errors.NotFound()  # PostgreSQL refuses it in a query
    token = bearer()
    if writing and not token and not getattr(view, "no_csrf", False):
        _require_same_origin(settings.base_url)
    if received.blueprint in ("assets", "offline"):
        return None  # public; and a flash message waits for a page
    if (declared and declared.open) or getattr(view, "open", False):
        if not (declared and declared.files):
            received.max_content_length = LARGEST_OPEN
        _load_flash()
        return None
    # For every URL alike, existing or not: without a session nobody learns which exist. An endpoint that writes reads the
    # person in its transaction, so here it only needs a credential.
    credential = token or _cookie()
    if not credential or (not (declared is not None and writing) and not current_user.is_authenticated):
        raise errors.SignInNeeded()
    if writing and _is_large(received):
        known = hooks().authenticate()
        db.session.remove()  # no transaction stays open while the body is read
        if known is None:
            raise errors.SignInNeeded()
    _load_flash()
    return None


def _is_large(received: Request) -> bool:
    """Return whether a body is, or may turn out to be, larger than what is read from anybody."""
    length = received.content_length
    return length > SMALL if length is not None else "HTTP_TRANSFER_ENCODING" in received.environ


def _limit_rate(settings: Settings, writes: bool, *, anonymous: bool) -> None:
    """Limit the rate of the API and of every write; not that of pages and files.

    Where nobody need be signed in an invented cookie must not give a window of its own, so the address counts.
    """
    if settings.rate_limits != "off":
        limit = rate_limits.ANONYMOUS if anonymous else rate_limits.WRITES if writes else rate_limits.READS
        rate_limits.count(rate_limits.key(None if anonymous else bearer() or _cookie(), writes), limit)


def _cookie() -> str:
    return cookie(COOKIES[0]) or cookie(COOKIES[1])


def app_view() -> Any:
    """Return the view function of this request, or None."""
    return current_app.view_functions.get(request.endpoint or "")


def _settings() -> Settings:
    settings: Settings = current_app.config["COP"]
    return settings


def bearer() -> str | None:
    """Return the token of an `Authorization: Bearer` header."""
    kind, _space, token = request.environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else None


def _require_same_origin(base: str) -> None:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site != "same-origin":
            raise errors.Forbidden(words._("Dit verzoek kwam van een andere website."))
    elif request.headers.get("Origin", "").rstrip("/") != base:
        raise errors.Forbidden(words._("Dit verzoek kwam van een andere website."))


def _load_flash() -> None:
    """Load the flash message of the previous response, to be shown once."""
    # Also where a stream is accepted: after a form, Turbo fetches the page it is redirected to that way.
    if (signed := cookie(FLASH_COOKIE)) and request.method == "GET" and requested_format() != "json":
        try:
            g.flash, g.flash_shown = Flash(*current_app.extensions["flash"].loads(signed)), True
        except BadSignature:
            g.flash_shown = True


POLICY = (
    "default-src 'none'; script-src 'nonce-%s' 'strict-dynamic'; style-src 'self'; img-src 'self'; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; frame-src 'none'; object-src 'none'; require-trusted-types-for 'script'; "
    "trusted-types default ProseMirrorClipboard"
)
HEADERS = {  # in lower case, as they are compared
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cache-control": "no-store",
    "vary": "Accept, Accept-Language, Cookie, Authorization",
}


class SecurityHeaders:
    """WSGI middleware that adds the headers of every response, unless the response has them.

    Flask would check and copy each of them twice.
    """

    def __init__(
        self,
        app: Callable[..., Iterable[bytes]],
        secure: bool,
        policy: Callable[[], str] = lambda: POLICY % pages.nonce(),
    ):
        self.app, self.policy, self.always = app, policy, list(HEADERS.items())
        if secure:
            self.always.append(("strict-transport-security", "max-age=31536000; includeSubDomains"))

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *failure: Any) -> Any:
            present = {name.lower() for name, _value in headers}
            headers = [*headers, *(always for always in self.always if always[0] not in present)]
            if "content-security-policy" not in present:
                headers.append(("content-security-policy", self.policy()))
            return start_response(status, headers, *failure)

        return self.app(environ, start)


def _after(response: Response) -> Response:
    rate_limits.add_headers(response)
    if "flash" in g:
        response.set_cookie(
            FLASH_COOKIE,
            current_app.extensions["flash"].dumps(g.flash),
            max_age=60,
            httponly=True,
            samesite="Lax",
            secure=_settings().secure,
        )
    elif g.get("flash_shown"):
        response.delete_cookie(FLASH_COOKIE)
    return response


def _problem(problem: Problem) -> Any:
    db.session.rollback()
    if isinstance(problem, errors.SignInNeeded) and requested_format() != "json":
        return _to_sign_in()
    if problem.to and requested_format() != "json":
        return redirect(problem.to, 303)
    return _refuse(problem.status, problem.words, problem.errors, problem.extra)


def _to_sign_in() -> Any:
    here = (
        request.full_path.rstrip("?")
        if request.method == "GET"
        else (urlsplit(request.headers.get("Referer", "")).path or "/")
    )
    return redirect(f"/sign-in?next={quote(here)}" if here != "/" else "/sign-in", 303)


def _http(error: HTTPException) -> Any:
    if isinstance(error, HTTPException) and error.code and 300 <= error.code < 400:
        return error
    if error.code == 405 and error.get_response().headers.get("Allow"):
        response = _refuse(405, "", {}, {})
        response.headers["Allow"] = error.get_response().headers["Allow"]
        return response
    message = words._("Dit is te groot om in één keer te versturen.") if error.code == 413 else ""
    return _refuse(error.code or 500, message, {}, {})


def _database(error: OperationalError) -> Any:
    """Respond 503: the disk is full or the database is unreachable. Nothing was acknowledged; reading may still work."""
    current_app.logger.exception("database")
    db.session.rollback()
    return _refuse(
        503,
        words._("We kunnen nu niets opslaan. Uw tekst staat nog in dit scherm; probeer het over een minuut opnieuw."),
        {},
        {},
    )


def _broken(error: Exception) -> Any:
    current_app.logger.exception("unexpected")
    db.session.rollback()
    return _refuse(500, "", {}, {})


def _refuse(status: int, message: str, fields: dict[str, str], extra: dict[str, Any]) -> Response:
    title = errors.title(status)
    if requested_format() == "json":
        body = Error(title=title, status=status, detail=message, errors=fields).model_dump()
        body |= {name: value for name, value in extra.items() if isinstance(value, (str, int, list, dict))}
        response = Response(json.dumps(body, ensure_ascii=False), status, content_type="application/problem+json")
    else:
        shown = status if status in (403, 404, 413, 429, 500, 503) else 400 if status < 500 else 500
        page = pages.page("shared/problem.html", status=shown, title=title, words=message, errors=fields)
        response = Response(page, status, content_type="text/html; charset=utf-8")
    if "retry_after" in extra:
        response.headers["Retry-After"] = str(extra["retry_after"])
    return response
