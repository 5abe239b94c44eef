"""For monitoring: whether this process lives, whether it can serve, and its metrics."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator

from flask import Flask, Response, current_app, g, request
from prometheus_client import (
    CONTENT_TYPE_PLAIN_0_0_4,
    CollectorRegistry,
    Counter,
    Gauge,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
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


disable_created_metrics()  # a second series for each counter, which says when this process began to count


class Metrics:
    """The metrics of one app in this process, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter("cop_requests", "Answered requests by status.", ["status"], registry=self.registry)
        self._seconds = Counter("cop_request_seconds", "Seconds spent on them.", registry=self.registry)
        sockets = Gauge("cop_sockets", "Live connections of this process.", registry=self.registry)
        sockets.set_function(live.socket_count)
        self.registry.register(_Queues())

    def add(self, status: int, seconds: float) -> None:
        """Count one answered request."""
        self._requests.labels(str(status)).inc()
        self._seconds.inc(seconds)


class _Queues(Collector):
    """How many jobs and mails wait or have failed, read from the database when somebody asks."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        for name, words, by_state in (
            ("cop_jobs", "Jobs by state.", models.jobs_by_state()),
            ("cop_mails", "Mails by state.", models.emails_by_state()),
        ):
            family = GaugeMetricFamily(name, words, labels=["state"])
            for state, number in by_state.items():
                family.add_metric([state], number)
            yield family


def open_metrics(app: Flask) -> None:
    """Count every request of the app, and how long it takes."""
    metrics = app.extensions["metrics"] = Metrics()

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        if "began" in g:  # not when a guard refused the request before
            metrics.add(response.status_code, time.perf_counter() - g.began)
        return response


@routes.get("/healthz")
@endpoint("operations.healthz", open=True)
def healthz() -> Response:
    """Answer, without the database."""
    return Response("ok\n", content_type=PLAIN)


@routes.get("/readyz")
@endpoint("operations.readyz", open=True)
def readyz() -> Response:
    """Say whether this process can serve: 200, or 503 with a line for each thing it lacks."""
    lacks = _lacks()
    return Response("\n".join(lacks or ["ready"]) + "\n", 503 if lacks else 200, content_type=PLAIN)


def _lacks() -> list[str]:
    settings = current_app.config["COP"]
    try:
        models.reach()
        found, wanted = models.revision(), current_app.extensions.get("revision")
        lacks = [f"database: revision {found} instead of {wanted}"] if wanted and found != wanted else []
        lacks += ["database: damaged, nothing is stored any more"] if action.writing_stopped() else []
        # Without a worker in another process pages are served all the same, and jobs wait.
        if settings.worker == "inside" and not models.worker_alive():
            lacks.append("worker: not heard of")
    except SQLAlchemyError:
        db.session.rollback()
        lacks = ["database: cannot be read"]
    return lacks


@routes.get("/metrics")
@endpoint("operations.metrics", open=True)
def metrics() -> Response:
    """Give the metrics to Prometheus on this machine or with the token; 404 for others."""
    if not (_from_here() or _with_token()):
        raise NotFound
    return Response(generate_latest(current_app.extensions["metrics"].registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _from_here() -> bool:
    return is_loopback(request.remote_addr or "") and "X-Forwarded-For" not in request.headers


def _with_token() -> bool:
    wanted, given = current_app.config["COP"].metrics_token, bearer()
    return bool(wanted and given and secrets.compare_digest(given.encode(), wanted.encode()))
