"""What machines ask: whether this process lives, whether it can serve, and its numbers."""

from __future__ import annotations

import secrets
import time
from collections import Counter
from threading import Lock

from flask import Flask, Response, current_app, g, request
from sqlalchemy.exc import SQLAlchemyError

from cop.base import action, live
from cop.base.db import db
from cop.base.errors import NotFound
from cop.base.web import endpoint
from cop.base.web.guards import bearer
from cop.config import is_loopback
from cop.operations import models
from cop.operations.routes.blueprint import routes

PLAIN = "text/plain; charset=utf-8"
PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


class Counts:
    """What this process answered: how often with which status, and how many seconds that took."""

    def __init__(self) -> None:
        self.answers: Counter[int] = Counter()
        self.seconds = 0.0
        self._lock = Lock()

    def add(self, status: int, seconds: float) -> None:
        with self._lock:
            self.answers[status] += 1
            self.seconds += seconds


def open_counts(app: Flask) -> None:
    """Has every request of the app counted."""
    counts = app.extensions["counts"] = Counts()

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        if "began" in g:  # not where a guard refused before
            counts.add(response.status_code, time.perf_counter() - g.began)
        return response


@routes.get("/healthz")
@endpoint("operations.healthz", open=True)
def healthz() -> Response:
    """Whether this process answers at all; asks no database."""
    return Response("ok\n", content_type=PLAIN)


@routes.get("/readyz")
@endpoint("operations.readyz", open=True)
def readyz() -> Response:
    """Whether this process can serve: 200, or 503 with a line for what it lacks."""
    lacks = _lacks()
    return Response("\n".join(lacks or ["ready"]) + "\n", 503 if lacks else 200, content_type=PLAIN)


def _lacks() -> list[str]:
    settings = current_app.config["COP"]
    try:
        models.reach()
        found, wanted = models.revision(), current_app.extensions.get("revision")
        lacks = [f"database: revision {found} instead of {wanted}"] if wanted and found != wanted else []
        lacks += ["database: damaged, nothing is stored any more"] if action.writing_stopped() else []
        # A worker apart is another machine's matter: without it pages are served and jobs wait.
        if settings.worker == "inside" and not models.worker_alive():
            lacks.append("worker: not heard of")
    except SQLAlchemyError:
        db.session.rollback()
        lacks = ["database: cannot be read"]
    return lacks


@routes.get("/metrics")
@endpoint("operations.metrics", open=True)
def metrics() -> Response:
    """Numbers for Prometheus, on this machine or with the token; for others there is nothing here."""
    if not (_from_here() or _with_token()):
        raise NotFound
    return Response("\n".join(_lines()) + "\n", content_type=PROMETHEUS)


def _from_here() -> bool:
    return is_loopback(request.remote_addr or "") and "X-Forwarded-For" not in request.headers


def _with_token() -> bool:
    wanted, given = current_app.config["COP"].metrics_token, bearer()
    return bool(wanted and given and secrets.compare_digest(given.encode(), wanted.encode()))


def _lines() -> list[str]:
    counts: Counts = current_app.extensions["counts"]
    lines = ["# TYPE cop_requests_total counter"]
    lines += [f'cop_requests_total{{status="{status}"}} {n}' for status, n in sorted(counts.answers.items())]
    lines += ["# TYPE cop_request_seconds_total counter", f"cop_request_seconds_total {counts.seconds:.6f}"]
    lines += ["# TYPE cop_sockets gauge", f"cop_sockets {live.socket_count()}"]
    for name, by_state in (("cop_jobs", models.jobs_by_state()), ("cop_mails", models.letters_by_state())):
        lines.append(f"# TYPE {name} gauge")
        lines += [f'{name}{{state="{state}"}} {n}' for state, n in by_state.items()]
    return lines
