"""/healthz, /readyz and /metrics."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

import cop
from cop.base import action, clock, jobs
from cop.base.db import db
from cop.operations import models
from cop.operations.listeners import examine, next_night
from tests.conftest import settings


def test_lives_without_a_database(app: Flask, count_statements: Any) -> None:
    with app.app_context(), count_statements() as statements:
        answer = app.test_client().get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert statements == []


def test_is_ready(app: Flask) -> None:
    with app.app_context():
        jobs.beat()
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.text) == (200, "ready\n")


def test_is_not_ready_without_a_worker(app: Flask) -> None:
    with app.app_context():
        jobs.beat()
    clock.shift(jobs.HEARTBEAT + timedelta(seconds=1))
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.text) == (503, "worker: not heard of\n")


def test_separate_worker_is_not_checked(app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setitem(app.config, "COP", settings(tmp_path, worker="apart"))
    assert app.test_client().get("/readyz").status_code == 200


def test_is_not_ready_with_missing_migrations(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with app.app_context():
        jobs.beat()
    monkeypatch.setitem(app.extensions, "revision", "20991231_later")
    monkeypatch.setattr(models, "revision", lambda: "20261122_ground")
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.text) == (503, "database: revision 20261122_ground instead of 20991231_later\n")


def test_is_not_ready_without_a_database(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OperationalError("SELECT", {}, Exception("connection refused"))

    monkeypatch.setattr(models, "reach", away)
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.text) == (503, "database: cannot be read\n")


def test_metrics_are_open_on_loopback(app: Flask, cast: Any) -> None:
    browser = app.test_client()
    browser.get("/healthz")
    answer = browser.get("/metrics")
    assert answer.content_type == "text/plain; version=0.0.4; charset=utf-8"
    numbers = dict(line.rsplit(" ", 1) for line in answer.text.splitlines() if not line.startswith("#"))
    assert float(numbers['cop_requests_total{status="200"}']) >= 1
    assert float(numbers["cop_request_seconds_total"]) > 0
    assert {
        name: float(numbers[name])
        for name in (
            "cop_sockets",
            'cop_jobs{state="waiting"}',
            'cop_jobs{state="dead"}',
            'cop_mails{state="waiting"}',
            'cop_mails{state="failed"}',
        )
    } == {
        "cop_sockets": 0,
        'cop_jobs{state="waiting"}': 0,
        'cop_jobs{state="dead"}': 0,
        'cop_mails{state="waiting"}': 0,
        'cop_mails{state="failed"}': 0,
    }
    assert {name for name in numbers if name.startswith("python_") or "_created" in name} == set()


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"environ_base": {"REMOTE_ADDR": "192.0.2.7"}}, 404),
        ({"headers": {"X-Forwarded-For": "192.0.2.7"}}, 404),
        ({"environ_base": {"REMOTE_ADDR": "192.0.2.7"}, "headers": {"Authorization": "Bearer wrong"}}, 404),
        ({"environ_base": {"REMOTE_ADDR": "192.0.2.7"}, "headers": {"Authorization": "Bearer right"}}, 200),
    ],
)
def test_metrics_need_a_token_elsewhere(
    app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Any, given: Any, status: int
) -> None:
    monkeypatch.setitem(app.config, "COP", settings(tmp_path, metrics_token="right"))
    assert app.test_client().get("/metrics", **given).status_code == status


def test_metrics_are_closed_without_a_configured_token(app: Flask) -> None:
    given = {"environ_base": {"REMOTE_ADDR": "192.0.2.7"}, "headers": {"Authorization": "Bearer "}}
    assert app.test_client().get("/metrics", **given).status_code == 404


def test_damaged_database_stops_writes(
    app: Flask, cast: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("cop.operations.listeners.integrity_errors", lambda: ["row 3 missing from index"])
    monkeypatch.setattr(action, "_write_stop", Event())
    with app.app_context():
        examine()
    assert "row 3 missing" in caplog.text
    reply = cast.client("anna").post("/communities/een/threads", data={"title": "x", "body": "y"})
    assert reply.status_code == 503
    assert cast.client("anna").get("/").status_code == 200
    assert "damaged" in app.test_client().get("/readyz").text


def test_healthy_database_allows_writes(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cop.operations.listeners.integrity_errors", list)
    with app.app_context():
        examine()
        db.session.rollback()
    assert not action.writing_stopped()


def test_nightly_jobs_run_once_a_day() -> None:
    moment = clock.now()
    first = next_night(moment)
    assert moment < first <= moment + timedelta(days=1, hours=1)
    assert clock.local(first).hour == 3
    assert timedelta(hours=23) <= next_night(first) - first <= timedelta(hours=25)


@pytest.mark.usefixtures("app")
def test_planned_jobs_exist_and_are_listed_in_one_file() -> None:
    assert set(jobs.SCHEDULE) <= set(jobs.JOBS)
    planned = (Path(cop.__file__).parent / "schedule.py").read_text()
    assert {name for name in jobs.SCHEDULE if f'"{name}":' not in planned} == set()
    assert "mail.sweep" in jobs.SCHEDULE


def test_every_app_has_numbers_of_its_own(app: Flask, separate_app: Any, tmp_path: Path) -> None:
    app.test_client().get("/healthz")
    with separate_app("numbers", tmp_path) as other:
        text = other.test_client().get("/metrics").text
    assert 'cop_requests_total{status="200"}' not in text
    assert "# TYPE cop_requests_total counter" in text
