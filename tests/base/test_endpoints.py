"""Checks before and after every request."""

from __future__ import annotations

from typing import Any

import pytest
from flask import request

from cop.base.action import write_priority
from cop.base.web import rate_limits

FORM = {"title": "Een titel", "body": "Een tekst"}
START = "/communities/een/threads"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, 403),
        ({"Origin": "http://localhost"}, 303),
        ({"Origin": "http://localhost.evil.example"}, 403),
        ({"Origin": "http://localhost:8080"}, 403),
        ({"Origin": "null"}, 403),
        ({}, 403),
    ],
)
def test_csrf_is_checked_for_cookie_requests(cast: Any, headers: dict[str, str], status: int) -> None:
    client = cast.client("anna")
    browser = client.application.test_client()
    browser.set_cookie("cop", cast.cookies["anna"])
    answer = browser.post(START, data=FORM, headers={"Accept": "text/html", **headers})
    assert answer.status_code == status


def test_reads_wait_for_running_writes(cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    yield_to_writers: list[str] = []
    monkeypatch.setattr(write_priority, "yield_to_writers", lambda: yield_to_writers.append(request.method))
    for method in ("GET", "HEAD", "POST"):
        cast.client("anna").open("/communities/een/threads", method=method)
    assert yield_to_writers == ["GET", "HEAD"]


def test_bearer_request_needs_no_origin_and_ignores_the_cookie(cast: Any, app: Any) -> None:
    browser = app.test_client()
    browser.set_cookie("cop", cast.cookies["anna"])
    answer = browser.post(f"/api/v1{START}", json=FORM, headers=cast.api("chris"))
    assert answer.status_code == 404
    assert browser.post(f"/api/v1{START}", json=FORM, headers={"Authorization": "Bearer cop_wrong"}).status_code == 401


@pytest.mark.parametrize("path", ["/", "/communities/een", "/threads/999999", "/nergens", "/api/v1/nergens"])
def test_signed_out_must_sign_in_at_every_address(app: Any, cast: Any, path: str) -> None:
    browser = app.test_client()
    page = browser.get(path, headers={"Accept": "text/html"})
    if path.startswith("/api"):
        assert page.status_code == 401
    else:
        assert page.status_code == 303
        assert page.location.startswith("/sign-in")
    assert browser.get(path, headers={"Accept": "application/json"}).status_code == 401


@pytest.mark.parametrize(
    ("sent", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"[1]", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"title": "a\\u0000b", "body": "c"}', "application/json", 422),
        (b'{"title": "a", "body": "\\ud800"}', "application/json", 422),
        (b'{"title": ["a"], "body": 7}', "application/json", 422),
        (b'{"title": "a", "body": "b"}', "text/plain", 400),
    ],
)
def test_malformed_input_is_refused(app: Any, cast: Any, sent: bytes, kind: str, status: int) -> None:
    answer = app.test_client().post(f"/api/v1{START}", data=sent, content_type=kind, headers=cast.api("anna"))
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"


def test_security_headers(cast: Any) -> None:
    answer = cast.client("anna").get("/")
    assert "'unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_unknown_host_is_refused(cast: Any) -> None:
    assert cast.client("anna").get("/", headers={"Host": "evil.example"}).status_code == 400


def test_too_large_id_gets_404(cast: Any) -> None:
    assert cast.client("anna").get(f"/threads/{10**30}").status_code == 404


def test_denial_is_journalled(cast: Any, journal_entries: Any) -> None:
    assert cast.client("gerda").post(START, data=FORM).status_code == 403
    assert journal_entries("denied")[-1].person_id == cast.gerda


def test_rate_limit_is_announced_and_enforced(cast: Any, app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limits, "READS", 2)
    rate_limits.reset()
    ask = lambda who: app.test_client().get("/api/v1/communities", headers=cast.api(who))
    first = ask("anna")
    assert (first.headers["RateLimit-Limit"], first.headers["RateLimit-Remaining"]) == ("2", "1")
    assert [ask("anna").status_code, ask("anna").status_code] == [200, 429]
    refused = ask("anna")
    assert int(refused.headers["Retry-After"]) > 0
    assert refused.content_type == "application/problem+json"
    assert ask("bram").status_code == 200  # from the same IP address
    rate_limits.reset()
