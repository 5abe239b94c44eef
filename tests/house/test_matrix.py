"""Everybody gets at every door and every socket event what the table says; one that is not in the table fails."""

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
from tests.house.matrix import CAST, EVENTS, PAGE, At, Row, page
from tests.house.matrix import ENDPOINTS as TABLE
from tests.house.world import address, build, undone

SHARES = 4  # the world is built once for each share of the doors
# Verbs that a visit need not run: the link is made by a job, and who is not signed in has a language in a cookie.
NOT_NOW = {"people.link", "people.set_language"}
GRAMMAR = re.compile(r"[\w.:\-\[\], ']{0,80}$")  # of what the journal keeps: ids, enums, numbers, lists of them


def letter(answer: TestResponse) -> str:
    """The answer as the table writes it."""
    to_sign_in = answer.status_code == 303 and "/sign-in?next=" in answer.location
    if answer.status_code == 401 or to_sign_in:
        return "s"
    # The database of the tests was made from the models, so the product does not call itself ready: it answers.
    if answer.status_code < 400 or answer.request.path.endswith("/readyz"):
        return "o"
    return {403: "f", 404: "n"}.get(answer.status_code, "i" if answer.status_code < 500 else str(answer.status_code))


class Visits:
    """Visits to one world, each of which leaves it as it was."""

    def __init__(self, app: Flask, cast: Any):
        self.app, self.cast, self.world = app, cast, build(app, cast)

    def sent(self, row: Row) -> dict[str, Any]:
        """What is sent, filled in from the world."""
        return {
            name: getattr(self.world, value.name) if isinstance(value, At) else value
            for name, value in row.sends.items()
        }

    def visit(self, who: str, name: str, row: Row, method: str, path: str, api: bool) -> str:
        """What somebody gets; and what the journal hears of it."""
        with undone(self.app):
            with self._ask(who, method, path, self.sent(row), api) as answer:
                got = letter(answer)
            if (told := self._told(name, got, method)) is not None:
                return f"{got} ({told})"
            return got

    def _ask(self, who: str, method: str, path: str, sends: dict[str, Any], api: bool) -> TestResponse:
        headers = {"Referer": "http://localhost/elsewhere"}  # so that being led to sign in shows from where
        data: dict[str, Any] = {}
        files = {key: (io.BytesIO(value), "blad.txt") for key, value in sends.items() if isinstance(value, bytes)}
        if method != "GET":
            data = {"data": {**sends, **files}} if files or not api else {"json": sends}
        if not api:
            return self.cast.client(who).open(path, method=method, headers=headers, **data)
        headers |= self.cast.api(who) if who != "gast" else {"Accept": "application/json"}
        return self.cast.client(None).open(f"/api/v1{path}", method=method, headers=headers, **data)

    def _told(self, name: str, got: str, method: str) -> str | None:
        """What is wrong with the journal after a visit: a verb is told once, a quiet one never, a denial as such."""
        if method == "GET" and got != "f":
            return None
        with self.app.app_context():
            new = db.session.execute(
                select(JournalEntry.verb, JournalEntry.details).where(JournalEntry.id > self.world.entry)
            ).all()
        told = Counter(verb for verb, _details in new)
        if typed := [details for _verb, details in new if not all(GRAMMAR.match(str(v)) for v in details.values())]:
            return f"typed text in the journal: {typed}"
        if got == "f":
            return None if told.get("denied") == 1 else f"a denial, told as {told}"
        if got == "o" and name in VERBS and name not in NOT_NOW and (name in told) == VERBS[name].quiet:
            return f"{'quiet' if VERBS[name].quiet else 'a verb'}, told as {told}"
        return f"refused, yet told as {told}" if got in "snf" and told else None


def ways(door: Endpoint, api: bool) -> list[tuple[str, str]]:
    """How a browser or a program comes in: (method, rule); what a form cannot send has a POST twin."""
    if api:
        return door.rules
    twins = {"DELETE": "/delete", "PUT": "", "PATCH": ""}
    return [("POST", f"{rule}{twins[method]}") if method in twins else (method, rule) for method, rule in door.rules]


def visitors(door: Endpoint, api: bool) -> tuple[str, ...]:
    """Everybody comes in by the lighter name of a door, and one of each sort by the other: it is the same view."""
    everybody = tuple(CAST)
    if door.name.startswith("developing."):
        return () if api else everybody  # the developer's pages have one name
    if door.gives or door.json or any(method != "GET" for method, _rule in door.rules):
        return everybody if api else ("gast", "chris", "gerda", "eva")
    return ("gast", "anna") if api else everybody


@pytest.fixture
def visits(app: Flask, cast: Any) -> Iterator[Visits]:
    return Visits(app, cast)


@pytest.mark.parametrize("share", range(SHARES))
def test_everybody_gets_what_the_table_says(share: int, visits: Visits) -> None:
    wrong = []
    for name, row in sorted(TABLE.items())[share::SHARES]:
        door = ENDPOINTS[name]
        rate_limits.reset()
        for api in (False, True):
            page_alone = api and not (door.gives or door.json)
            for method, rule in ways(door, api):
                path = address(rule, visits.world, row.at)
                for who in visitors(door, api):
                    want, got = row.letter(who, api), visits.visit(who, name, row, method, path, api)
                    # Programs have no use for a page: to them it may not be there, but it is never more open.
                    if got != want and not (page_alone and method == "GET" and got in ("n", "f", "s") and want != "s"):
                        wrong.append(f"{name}: {who} {method} {'/api/v1' if api else ''}{path}: {got}, not {want}")
    assert not wrong, "\n" + "\n".join(wrong)


def test_every_address_leads_to_a_door_of_the_table(app: Flask) -> None:
    free = {
        "assets.static",
        "offline.page",
        "offline.worker",
    }  # files without anything of anybody, and doors nowhere else
    wrong = []
    for rule in app.url_map.iter_rules():
        door = getattr(app.view_functions[rule.endpoint], "endpoint", None)
        if rule.endpoint not in free and (door is None or door.name not in TABLE):
            wrong.append(f"{rule.rule} ({rule.endpoint})")
    assert sorted(wrong) == []
    assert sorted(TABLE.keys() - ENDPOINTS.keys()) == []


def test_every_address_has_both_names(app: Flask) -> None:
    rules = {
        (rule.rule, method)
        for rule in app.url_map.iter_rules()
        for method in rule.methods or ()
        if not rule.rule.startswith(("/static", "/offline", "/dev/"))
    }
    web = {(rule, method) for rule, method in rules if not rule.startswith("/api/v1")}
    assert {(rule.removeprefix("/api/v1"), method) for rule, method in rules - web} == web


def test_the_page_is_what_the_table_says() -> None:
    assert PAGE.exists(), "print it: python -m tests.house.matrix"
    assert PAGE.read_text() == page(), "print it anew: python -m tests.house.matrix"


# Sockets


def test_everybody_hears_what_the_table_says(visits: Visits, app: Flask) -> None:
    places = {
        name: f"{name.split()[-1]}:{getattr(visits.world, row.at.get('id', name.split()[-1]))}"
        for name, row in EVENTS.items()
        if name.startswith("join ")
    }
    wrong = []
    for who in CAST:
        socket = live.socketio.test_client(app, headers={"Cookie": f"cop={visits.cast.cookies.get(who, '')}"})
        got = {"connect": "o" if socket.is_connected() else "s"}
        if socket.is_connected():
            for name, place in places.items():
                got[name] = _heard(socket, "join", place)
            got["typing"] = _heard(socket, "typing", places["join room"])
            got["leave"] = _heard(socket, "leave", places["join room"])
            if _heard(socket, "typing", places["join room"]) != "n":
                wrong.append(f"{who} types in a room that they left")
            socket.disconnect()
            got["disconnect"] = "s" if socket.is_connected() else "o"
        wrong += [
            f"{name}: {who}: {got.get(name, 's')}, not {row.letter(who)}"
            for name, row in EVENTS.items()
            if got.get(name, "s") != row.letter(who)
        ]
    assert not wrong, "\n" + "\n".join(wrong)


def _heard(socket: Any, event: str, place: str) -> str:
    return "o" if socket.emit(event, {"place": place}, callback=True).get("ok") else "n"


def test_every_socket_event_is_in_the_table(app: Any) -> None:
    known = {name.split()[0] for name in EVENTS}
    assert set(live.socketio.server.handlers["/"]) == known
    assert set(live.socketio.server.handlers) == {"/"}
