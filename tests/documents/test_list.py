"""documents.list and files.list: folders first, then files, paged, in a fixed number of statements."""

from __future__ import annotations

from typing import Any

import pytest

from cop.base.action import transaction
from cop.base.db import db
from cop.base.files import Blob
from cop.documents import actions
from cop.society.people import Person
from cop.society.programmes import Community


@pytest.fixture
def fill(app: Any, cast: Any) -> Any:
    """Return a function that adds files without bytes, and some folders: `fill(40)`."""

    def many(n: int, start: int = 0) -> None:
        with app.app_context(), transaction():
            anna, one = db.session.get(Person, cast.anna), db.session.get(Community, cast.one)
            for i in range(start, start + n):
                actions.upload(anna, one, blob=Blob(f"{i:064x}", 10 + i, "text/plain"), name=f"Stuk {i:04}.txt")
                if i % 10 == 0:
                    actions.add_folder(anna, one, name=f"Map {i:04}")

    return many


def test_empty_list(cast: Any) -> None:
    page = cast.client("anna").get("/communities/een/documents")
    assert "Hier staat nog geen document" in page.text
    assert "tot 50 MB" in page.text  # the limits are on the page before anything is sent
    assert "Kies bestanden" in page.text
    assert "Kies bestanden" not in cast.client("gerda").get("/communities/een/documents").text


def test_list_in_english(cast: Any, fill: Any) -> None:
    fill(1)
    page = cast.client("anna").get("/communities/een/documents", headers={"Accept-Language": "en"})
    for words in ("Choose files", "version 1", "up to 50 MB", "Newest first", "Trash"):
        assert words in page.text


@pytest.mark.parametrize("sort", ["name", "recent"])
def test_list_is_paged(cast: Any, library: Any, fill: Any, sort: str) -> None:
    fill(25)
    seen, address = [], f"/communities/een/files?limit=10&sort={sort}"
    while address:
        listed = library.ask("bram", address).json
        seen += [f["title"] for f in listed["items"]]
        address = (listed["next"] or "").removeprefix("/api/v1")
    names = [f"Stuk {i:04}.txt" for i in range(25)]
    assert seen == (names if sort == "name" else names[::-1])
    page = cast.client("bram").get(f"/communities/een/documents?limit=10&sort={sort}").text
    assert 'rel="next"' in page
    assert page.count("?folder=") == 3


@pytest.mark.parametrize("query", ["after=99999", "after=x", "limit=0", "limit=101", "sort=size", "folder=0"])
def test_bad_query_names_the_field(library: Any, query: str) -> None:
    answer = library.ask("anna", f"/communities/een/files?{query}")
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [query.partition("=")[0]]


def test_cursor_of_another_community_is_refused(library: Any) -> None:
    elsewhere = library.share("jan", to="twee")["id"]
    library.share("anna")
    assert library.ask("anna", f"/communities/een/files?after={elsewhere}").status_code == 422


def test_stranger_gets_404(cast: Any, library: Any) -> None:
    for who in ("chris", "hans", "jan"):
        for address in ("documents", "files", "folders", "documents/trash"):
            assert cast.client(who).get(f"/communities/een/{address}").status_code == 404
    assert cast.client("anna").get("/communities/een/documents?folder=99999").status_code == 404
    assert cast.client("anna").get("/communities/een/files").location == "/communities/een/documents"


def test_pages_have_a_fixed_number_of_statements(cast: Any, fill: Any, count_statements: Any) -> None:
    """The list and the document page use the same number of statements at every size."""
    browser, counted = cast.client("bram"), []
    for n, start in ((5, 0), (60, 5)):
        fill(n, start)
        browser.get("/communities/een/documents")  # with his rights and the number of readers cached
        with count_statements() as library:
            assert browser.get("/communities/een/documents").status_code == 200
        id = file_id_of(cast)
        with count_statements() as document:
            assert browser.get(f"/files/{id}").status_code == 200
        counted.append((len(library), len(document)))
    assert counted[0] == counted[1]
    assert max(counted[0]) <= 12, counted


def test_document_is_followed_from_the_list(cast: Any, library: Any) -> None:
    id = library.share("anna")["id"]
    browser = cast.client("gerda")  # who reads only may follow too
    back = "/communities/een/documents?&sort=name"
    row = f'action="/things/{id}/following"><input type="hidden" name="next" value="/communities/een/documents?&amp;sort=name">'
    assert row in browser.get("/communities/een/documents").text
    assert browser.post(f"/things/{id}/following", data={"next": back}).location == back
    page = browser.get(back).text
    assert "U volgt “Checklist.txt” nu." in page
    assert f'action="/things/{id}/following/delete"' in page
    assert browser.post(f"/things/{id}/following/delete", data={"next": back}).location == back
    page = browser.get("/communities/een/documents").text
    assert row in page
    assert "Ongedaan maken" in page


def file_id_of(cast: Any) -> int:
    """Return the id of one of the files."""
    listed = cast.client(None).get("/api/v1/communities/een/files?limit=1", headers=cast.api("anna")).json
    return listed["items"][0]["id"]


def test_hostile_title_is_escaped(cast: Any, library: Any) -> None:
    id = library.share("anna")["id"]
    library.ask(
        "anna",
        f"/files/{id}",
        "patch",
        json={"title": "<script>alert(1)</script>", "description": "<img src=x onerror=alert(1)>", "base_version": 1},
    )
    for address in ("/communities/een/documents", f"/files/{id}"):
        page = cast.client("bram").get(address).text
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>alert" not in page
        assert "<img src=x" not in page
