"""The offline page, and the service worker that keeps it in the browser."""

from __future__ import annotations

import hashlib
import json
import re

from flask import Blueprint, Flask, Response, current_app, request

from cop.base.web import cookie, pages

STATIC = re.compile(r'/static/[^"#]+')
files = Blueprint("offline", __name__)


def open_offline(app: Flask) -> None:
    """Register the offline page and its service worker."""
    app.register_blueprint(files)


@files.get("/offline")
def page() -> Response:
    """Return the offline page, in the language and theme of this browser, without personal data."""
    return _fresh(_page(), "text/html; charset=utf-8")


@files.get("/offline.js")
def worker() -> Response:
    """Return the service worker with the list of files to cache; it changes whenever the page does."""
    shown = _page()
    cached = {
        "name": f"offline-{hashlib.sha256(shown.encode()).hexdigest()[:8]}",
        "page": "/offline",
        "files": sorted(set(STATIC.findall(shown))),
    }
    script = current_app.extensions["assets"].body("js/offline.js").decode()
    return _fresh(f"const KEPT = {json.dumps(cached)}\n{script}", "text/javascript; charset=utf-8")


def _page() -> str:
    return pages.render("shared/offline.html", theme=cookie("cop-theme"))


def _fresh(body: str, kind: str) -> Response:
    """Return a response that a browser revalidates every time."""
    response = Response(body, content_type=kind)
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response
