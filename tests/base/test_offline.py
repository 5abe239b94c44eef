"""The offline page and the service worker that caches it."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.conftest import Client


def worker_config(browser: Client) -> dict[str, Any]:
    """Return the files that the worker caches."""
    found: dict[str, Any] = json.loads(browser.get("/offline.js").text.partition("\n")[0].removeprefix("const KEPT = "))
    return found


def test_page_is_public(cast: Any) -> None:
    of_anna, of_nobody = (cast.client(who).get("/offline") for who in ("anna", None))
    assert of_anna.text == of_nobody.text
    assert "<h1>U bent offline</h1>" in of_nobody.text
    assert not re.search("<script|<form", of_nobody.text)
    assert of_nobody.headers["Cache-Control"] == "no-cache"
    assert "worker-src 'self'" in of_nobody.headers["Content-Security-Policy"]


def test_worker_caches_the_files_of_the_page(cast: Any) -> None:
    browser = cast.client(None)
    cached = worker_config(browser)
    names = [re.sub(r"^/static/\w+/", "", file) for file in cached["files"]]
    assert sorted(names) == ["css/app.css", "fonts/literata.woff2", "img/favicon.svg", "img/icons.svg"]
    assert {browser.get(file).status_code for file in cached["files"]} == {200}
    assert browser.get(cached["page"]).status_code == 200


def test_changed_page_has_another_cache_name(cast: Any) -> None:
    browser = cast.client("anna")
    dutch = worker_config(browser)
    browser.set_cookie("cop-language", "en")
    assert "<h1>You are offline</h1>" in browser.get("/offline").text
    english = worker_config(browser)
    browser.set_cookie("cop-theme", "dark")
    assert len({dutch["name"], english["name"], worker_config(browser)["name"]}) == 3


def test_worker_is_revalidated(cast: Any) -> None:
    browser = cast.client(None)
    first = browser.get("/offline.js")
    assert first.content_type == "text/javascript; charset=utf-8"
    assert first.headers["Cache-Control"] == "no-cache"
    again = {"If-None-Match": first.headers["ETag"]}
    assert browser.get("/offline.js", headers=again).status_code == 304
    browser.set_cookie("cop-language", "en")
    assert browser.get("/offline.js", headers=again).status_code == 200


def test_worker_requests_keep_the_flash_message(cast: Any) -> None:
    """The worker may request its files between a form and the page that shows its message."""
    browser = cast.client("eva")
    folder = browser.post("/api/v1/communities/een/folders", json={"name": "Verslagen"}, headers=cast.api("eva")).json
    sent = browser.post(f"/folders/{folder['id']}", data={"name": "Modelteksten"})
    assert browser.get_cookie("cop-flash")
    browser.get("/offline.js")
    assert browser.get_cookie("cop-flash")
    browser.get(sent.location)
    assert not browser.get_cookie("cop-flash")
