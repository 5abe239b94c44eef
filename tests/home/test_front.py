"""The front page for who is not signed in, robots.txt and the sitemap: what was published, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from cop.base.action import transaction
from cop.base.db import db
from cop.society.people import Person


@pytest.fixture
def published(cast: Any) -> None:
    cast.client("fons").post("/programmes/proef/public", data={"what": "Wij zoeken koplopers.", "criteria": "Geheim."})
    cast.client("fons").post("/programmes/proef/publication")


def test_without_a_published_programme_one_signs_in(cast: Any) -> None:
    assert cast.client(None).get("/").location == "/sign-in"
    assert cast.client(None).get("/robots.txt").text.splitlines()[:2] == ["User-agent: *", "Disallow: /"]
    assert "<loc>" not in cast.client(None).get("/sitemap.xml").text


def test_published_programmes_are_shown(cast: Any, published: None) -> None:
    page = cast.client(None).get("/")
    assert page.status_code == 200
    assert '<a href="/programmes/proef">Proefprogramma</a>' in page.text
    assert "Wij zoeken koplopers." in page.text
    assert 'href="/sign-in"' in page.text
    assert "Wat vraagt uw aandacht?" in cast.client("anna").get("/").text
    assert cast.client(None).get("/", headers={"Accept": "application/json"}).status_code == 401


def test_search_engines_get_the_public_pages_alone(cast: Any, published: None) -> None:
    robots = cast.client(None).get("/robots.txt").text.splitlines()
    assert robots == [
        "User-agent: *",
        "Allow: /$",
        "Allow: /programmes/proef$",
        "Allow: /static/",
        "Disallow: /",
        "Sitemap: http://localhost/sitemap.xml",
    ]
    sitemap = cast.client(None).get("/sitemap.xml")
    assert sitemap.mimetype == "application/xml"
    assert sitemap.text.count("<loc>") == 2
    assert "<loc>http://localhost/programmes/proef</loc>" in sitemap.text


def test_a_newcomer_comes_to_the_welcome_page_first(cast: Any, app: Any, published: None) -> None:
    with app.app_context(), transaction():
        db.session.get_one(Person, cast.anna).entered = None
    assert cast.client("anna").get("/").location == "/welcome"
    assert cast.client("anna").get("/programmes/proef").location == "/welcome?next=/programmes/proef"


def test_a_finished_programme_leaves_the_front_page_and_keeps_its_own(cast: Any, published: None) -> None:
    cast.client("fons").post("/programmes/proef/phase", data={"phase": "archive"})
    assert cast.client(None).get("/").location == "/sign-in"
    assert cast.client(None).get("/programmes/proef").status_code == 200
    assert "Wij zoeken koplopers." in cast.client(None).get("/programmes/proef").text
