"""Every endpoint and socket event responds as the access table says, and each of them is in the table."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from cop.base import live
from cop.base.action import VERBS
from cop.base.db import db
from cop.base.journal import JournalEntry
from cop.base.web import ENDPOINTS, Endpoint, rate_limits
from tests.house.matrix import CAST, EVENTS, FORBIDDEN, INVALID, NOT_FOUND, OK, PAGE, SIGN_IN, At, Row, page
from tests.house.matrix import ENDPOINTS as TABLE
from tests.house.world import address, build, undone

SHARES = 4  # the world is built once for each share of the endpoints
# A visit runs these verbs later or never: a job makes the link; signed out, the language is only a cookie.
NOT_JOURNALLED = {"people.link", "people.set_language"}
GRAMMAR = re.compile(r"[\w.:\-\[\], ']{0,80}$")  # values that the journal keeps: ids, enums, numbers, lists of them


def classify(answer: TestResponse) -> str:
    """Return the response in the terms of the table."""
    to_sign_in = answer.status_code == 303 and "/sign-in?next=" in answer.location
    if answer.status_code == 401 or to_sign_in:
        return SIGN_IN
    # The test database has no migration version, so /readyz reports 503; a response is enough.
    if answer.status_code < 400 or answer.request.path.endswith("/readyz"):
        return OK
    known = {403: FORBIDDEN, 404: NOT_FOUND}
    return known.get(answer.status_code, INVALID if answer.status_code < 500 else str(answer.status_code))


class Visits:
    """Requests to one world; each is rolled back."""

    def __init__(self, app: Flask, cast: Any):
        self.app, self.cast, self.world = app, cast, build(app, cast)

    def sent(self, row: Row) -> dict[str, Any]:
        """Return the input of a row, filled in from the world."""
        return {
            name: getattr(self.world, value.name) if isinstance(value, At) else value
            for name, value in row.sends.items()
        }

    def visit(self, who: str, name: str, row: Row, method: str, path: str, api: bool) -> str:
        """Return the response that a person gets, and what is wrong with the journal after it."""
        with undone(self.app):
            with self._ask(who, method, path, self.sent(row), api) as answer:
                got = classify(answer)
            if (fault := self._journal_fault(name, got, method)) is not None:
                return f"{got} ({fault})"
            return got

    def _ask(self, who: str, method: str, path: str, sends: dict[str, Any], api: bool) -> TestResponse:
        headers = {"Referer": "http://localhost/elsewhere"}  # the redirect to sign-in then shows its origin
        data: dict[str, Any] = {}
        files = {key: (io.BytesIO(value), "blad.txt") for key, value in sends.items() if isinstance(value, bytes)}
        if method != "GET":
            data = {"data": {**sends, **files}} if files or not api else {"json": sends}
        if not api:
            return self.cast.client(who).open(path, method=method, headers=headers, **data)
        headers |= self.cast.api(who) if who != "gast" else {"Accept": "application/json"}
        return self.cast.client(None).open(f"/api/v1{path}", method=method, headers=headers, **data)

    def _journal_fault(self, name: str, got: str, method: str) -> str | None:
        """Return what is wrong with the journal: a verb has one entry, a quiet verb none, a denial its own entry."""
        if method == "GET" and got != FORBIDDEN:
            return None
        with self.app.app_context():
            new = db.session.execute(
                select(JournalEntry.verb, JournalEntry.details).where(JournalEntry.id > self.world.entry)
            ).all()
        entries = Counter(verb for verb, _details in new)
        if typed := [details for _verb, details in new if not all(GRAMMAR.match(str(v)) for v in details.values())]:
            return f"typed text in the journal: {typed}"
        if got == FORBIDDEN:
            return None if entries.get("denied") == 1 else f"a denial, journalled as {entries}"
        if got == OK and name in VERBS and name not in NOT_JOURNALLED and (name in entries) == VERBS[name].quiet:
            return f"{'quiet' if VERBS[name].quiet else 'a verb'}, journalled as {entries}"
        return f"refused, yet journalled as {entries}" if got in (SIGN_IN, NOT_FOUND) and entries else None


def requests_of(endpoint: Endpoint, api: bool) -> list[tuple[str, str]]:
    """Return (method, rule) for a browser or a program; methods that a form cannot send have a POST address."""
    if api:
        return endpoint.rules
    posts = {"DELETE": "/delete", "PUT": "", "PATCH": ""}
    return [
        ("POST", f"{rule}{posts[method]}") if method in posts else (method, rule) for method, rule in endpoint.rules
    ]


def visitors(endpoint: Endpoint, api: bool) -> tuple[str, ...]:
    """Return the whole cast for the faster of the two addresses, and a sample for the other: the view is the same."""
    everybody = tuple(CAST)
    if endpoint.name.startswith("developing."):
        return () if api else everybody  # developer pages are not in the API
    if endpoint.gives or endpoint.json or any(method != "GET" for method, _rule in endpoint.rules):
        return everybody if api else ("gast", "chris", "gerda", "eva")
    return ("gast", "anna") if api else everybody


@pytest.fixture
def visits(app: Flask, cast: Any) -> Iterator[Visits]:
    return Visits(app, cast)


@pytest.mark.parametrize(
    "share",
    [
        0,
        *(pytest.param(share, marks=pytest.mark.once) for share in range(1, SHARES)),
    ],  # one shows that PostgreSQL agrees
)
def test_every_response_matches_the_table(share: int, visits: Visits) -> None:
    wrong = []
    for name, row in sorted(TABLE.items())[share::SHARES]:
        endpoint = ENDPOINTS[name]
        rate_limits.reset()
        for api in (False, True):
            page_only = api and not (endpoint.gives or endpoint.json)
            for method, rule in requests_of(endpoint, api):
                path = address(rule, visits.world, row.at)
                for who in visitors(endpoint, api):
                    want, got = row.expected(who, api), visits.visit(who, name, row, method, path, api)
                    # A page may be missing from the API, but the API never gives more access than the page.
                    closed = got in (NOT_FOUND, FORBIDDEN, SIGN_IN)
                    if got != want and not (page_only and method == "GET" and closed and want != SIGN_IN):
                        wrong.append(f"{name}: {who} {method} {'/api/v1' if api else ''}{path}: {got}, not {want}")
    assert not wrong, "\n" + "\n".join(wrong)


def test_every_address_is_in_the_table(app: Flask) -> None:
    free = {
        "assets.static",
        "offline.page",
        "offline.worker",
    }  # static files without personal data
    wrong = []
    for rule in app.url_map.iter_rules():
        endpoint = getattr(app.view_functions[rule.endpoint], "endpoint", None)
        if rule.endpoint not in free and (endpoint is None or endpoint.name not in TABLE):
            wrong.append(f"{rule.rule} ({rule.endpoint})")
    assert sorted(wrong) == []
    assert sorted(TABLE.keys() - ENDPOINTS.keys()) == []


def test_every_address_exists_on_the_site_and_in_the_api(app: Flask) -> None:
    rules = {
        (rule.rule, method)
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
        if not rule.rule.startswith(("/static", "/offline", "/dev/"))
    }
    web = {(rule, method) for rule, method in rules if not rule.startswith("/api/v1")}
    assert {(rule.removeprefix("/api/v1"), method) for rule, method in rules - web} == web


def test_printed_page_matches_the_table() -> None:
    assert PAGE.exists(), "print it: python -m tests.house.matrix"
    assert PAGE.read_text() == page(), "print it again: python -m tests.house.matrix"


# Sockets


def test_every_socket_response_matches_the_table(visits: Visits, app: Flask) -> None:
    places = {
        name: f"{name.split()[-1]}:{getattr(visits.world, row.at.get('id', name.split()[-1]))}"
        for name, row in EVENTS.items()
        if name.startswith("join ")
    }
    wrong = []
    for who in CAST:
        socket = live.socketio.test_client(app, headers={"Cookie": f"cop={visits.cast.cookies.get(who, '')}"})
        got = {"connect": OK if socket.is_connected() else SIGN_IN}
        if socket.is_connected():
            for name, place in places.items():
                got[name] = _emit(socket, "join", place)
            got["typing"] = _emit(socket, "typing", places["join room"])
            got["leave"] = _emit(socket, "leave", places["join room"])
            if _emit(socket, "typing", places["join room"]) != NOT_FOUND:
                wrong.append(f"{who} can type in a room that they left")
            socket.disconnect()
            got["disconnect"] = SIGN_IN if socket.is_connected() else OK
        wrong += [
            f"{name}: {who}: {got.get(name, SIGN_IN)}, not {row.expected(who)}"
            for name, row in EVENTS.items()
            if got.get(name, SIGN_IN) != row.expected(who)
        ]
    assert not wrong, "\n" + "\n".join(wrong)


def _emit(socket: Any, event: str, place: str) -> str:
    return OK if socket.emit(event, {"place": place}, callback=True).get("ok") else NOT_FOUND


def test_every_socket_event_is_in_the_table(app: Any) -> None:
    known = {name.split()[0] for name in EVENTS}
    assert set(live.socketio.server.handlers["/"]) == known
    assert set(live.socketio.server.handlers) == {"/"}
