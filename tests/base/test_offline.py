"""The page for who has no connection, and the worker that keeps it."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.conftest import Client


def kept(browser: Client) -> dict[str, Any]:
    """What the worker is told to keep."""
    found: dict[str, Any] = json.loads(browser.get("/offline.js").text.partition("\n")[0].removeprefix("const KEPT = "))
    return found


def test_the_page_is_for_everybody(cast: Any) -> None:
    of_anna, of_nobody = (cast.client(who).get("/offline") for who in ("anna", None))
    assert of_anna.text == of_nobody.text
    assert "<h1>U bent offline</h1>" in of_nobody.text
    assert not re.search("<script|<form", of_nobody.text)
    assert of_nobody.headers["Cache-Control"] == "no-cache"
    assert "worker-src 'self'" in of_nobody.headers["Content-Security-Policy"]


def test_the_worker_keeps_what_the_page_shows(cast: Any) -> None:
    browser = cast.client(None)
    told = kept(browser)
    names = [re.sub(r"^/static/\w+/", "", file) for file in told["files"]]
    assert sorted(names) == ["css/app.css", "fonts/literata.woff2", "img/favicon.svg", "img/icons.svg"]
    assert {browser.get(file).status_code for file in told["files"]} == {200}
    assert browser.get(told["page"]).status_code == 200


def test_another_page_is_kept_under_another_name(cast: Any) -> None:
    browser = cast.client("anna")
    dutch = kept(browser)
    browser.set_cookie("cop-language", "en")
    assert "<h1>You are offline</h1>" in browser.get("/offline").text
    english = kept(browser)
    browser.set_cookie("cop-theme", "dark")
    assert len({dutch["name"], english["name"], kept(browser)["name"]}) == 3


def test_the_worker_is_asked_for_again_and_sent_when_it_changed(cast: Any) -> None:
    browser = cast.client(None)
    first = browser.get("/offline.js")
    assert first.content_type == "text/javascript; charset=utf-8"
    assert first.headers["Cache-Control"] == "no-cache"
    again = {"If-None-Match": first.headers["ETag"]}
    assert browser.get("/offline.js", headers=again).status_code == 304
    browser.set_cookie("cop-language", "en")
    assert browser.get("/offline.js", headers=again).status_code == 200


def test_what_was_said_waits_for_a_page(cast: Any) -> None:
    """The worker asks for its files at any moment, also between a form and the page it leads to."""
    browser = cast.client("eva")
    folder = browser.post("/api/v1/communities/een/folders", json={"name": "Verslagen"}, headers=cast.api("eva")).json
    sent = browser.post(f"/folders/{folder['id']}", data={"name": "Modelteksten"})
    assert browser.get_cookie("cop-flash")
    browser.get("/offline.js")
    assert browser.get_cookie("cop-flash")
    browser.get(sent.location)
    assert not browser.get_cookie("cop-flash")
