"""The page for who has no connection, and the worker that keeps it in the browser until it is needed."""

from __future__ import annotations

import hashlib
import json
import re

from flask import Blueprint, Flask, Response, current_app, request

from cop.base.web import cookie, pages

STATIC = re.compile(r'/static/[^"#]+')
files = Blueprint("offline", __name__)


def open_offline(app: Flask) -> None:
    """Serves both."""
    app.register_blueprint(files)


@files.get("/offline")
def page() -> Response:
    """The page itself: in the language and the light of this browser, and with nothing of anybody."""
    return _fresh(_page(), "text/html; charset=utf-8")


@files.get("/offline.js")
def worker() -> Response:
    """The worker, which is told what to keep; it changes with all that the page shows, and so does what is kept."""
    shown = _page()
    kept = {
        "name": f"offline-{hashlib.sha256(shown.encode()).hexdigest()[:8]}",
        "page": "/offline",
        "files": sorted(set(STATIC.findall(shown))),
    }
    script = current_app.extensions["assets"].body("js/offline.js").decode()
    return _fresh(f"const KEPT = {json.dumps(kept)}\n{script}", "text/javascript; charset=utf-8")


def _page() -> str:
    return pages.render("shared/offline.html", theme=cookie("cop-theme"))


def _fresh(body: str, kind: str) -> Response:
    """An answer that a browser asks for again each time, and gets when it is another one."""
    response = Response(body, content_type=kind)
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response
