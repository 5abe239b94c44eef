"""The personal menu: management pages for those who manage something."""

from __future__ import annotations

import re
from typing import Any

import pytest

from cop.base import text
from cop.society.programmes import Community
from cop.threads.actions import start

ADMINISTERS = ["/programmes", "/people", "/organisations", "/operations"]


def managed(page: str) -> list[str]:
    """Return the addresses under "Beheer" in the menu of a page."""
    found = re.search(r'<nav aria-label="Beheer">(.*?)</nav>', page, re.DOTALL)
    return re.findall(r'<a href="([^"]+)"', found[1]) if found else []


@pytest.mark.parametrize(
    ("who", "what"),
    [
        ("iris", ADMINISTERS),
        ("fons", ["/desk", "/coach", "/programmes", "/organisations"]),
        ("eva", ["/communities/een/edit", "/desk"]),
        ("jan", ["/communities/twee/edit", "/desk"]),
        ("dina", ["/expert"]),
        *((who, []) for who in ("anna", "chris", "gerda", "hans")),
    ],
)
def test_menu_shows_what_a_person_manages(cast: Any, who: str, what: list[str]) -> None:
    page = cast.client(who).get("/").text
    assert managed(page) == what
    for address in what:
        assert cast.client(who).get(address).status_code == 200, address
    for address in set(ADMINISTERS) - set(what) - {"/programmes"}:
        assert f'href="{address}"' not in page
        assert cast.client(who).get(address).status_code in (403, 404), address


def test_menu_of_a_team_member_who_is_also_moderator(cast: Any) -> None:
    joined = {"mail": "iris@proef.example", "name": "Iris Inzicht", "role": "moderator"}
    cast.client(None).post("/api/v1/communities/een/members", headers=cast.api("eva"), json=joined)
    assert managed(cast.client("iris").get("/settings").text) == ["/communities/een/edit", "/desk", *ADMINISTERS]


def test_menu_in_english(cast: Any) -> None:
    client = cast.client("fons")
    client.set_cookie("cop-language", "en")
    assert '<nav aria-label="Administration">' in client.get("/", headers={"Accept-Language": "en"}).text


def test_navigation_marks_the_current_community(cast: Any, run_as: Any) -> None:
    """This also holds on pages whose address does not name the community."""
    thread = run_as("anna", start, Community, cast.one, title="Een titel", text=text.render("Tekst", "plain"))
    marked = re.compile(r'<a href="([^"]*)" aria-current')
    client = cast.client("anna")
    for path in ("/communities/een", "/communities/een/threads", "/communities/een/documents", f"/threads/{thread}"):
        assert marked.findall(client.get(path).text.split("</nav>")[0]) == ["/communities/een"], path
    assert marked.findall(client.get("/").text.split("</nav>")[0]) == ["/"]
    assert marked.findall(client.get("/notices").text.split("</nav>")[0]) == []
