"""files.sending: a shared document is sent along in a thread or a chat room."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask

from cop.base.action import transaction
from cop.base.db import db
from cop.chat.models import ensure_room
from cop.society.programmes import Community
from tests.documents.test_draft import post


def fields_of(page: str, action: str) -> dict[str, str]:
    """Return the hidden fields of the form with this action."""
    inside = page.partition(f'action="{action}"')[2].partition("</form>")[0]
    assert inside, action
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', inside))


@pytest.fixture
def file(library: Any) -> int:
    return int(library.share("anna", "Model.txt")["id"])


def test_works(cast: Any, library: Any, file: int) -> None:
    other = library.share("anna", "Ander.txt", draft=1)["id"]
    thread = post(library, "anna", other)
    browser = cast.client("bram")
    places = browser.get(f"/files/{file}/sending").text
    assert f'href="/files/{file}/sending?to={thread["id"]}"' in places
    chosen = browser.get(f"/files/{file}/sending?to={thread['id']}").text
    action = f"/threads/{thread['id']}/posts"
    answer = browser.post(action, data={**fields_of(chosen, action), "body": "Zie dit model"})
    assert answer.status_code == 303, answer.text
    assert f'href="/files/{file}"' in browser.get(thread["url"]).text
    assert thread["title"] in browser.get(f"/files/{file}").text


def test_works_in_a_chat_room(app: Flask, cast: Any, file: int) -> None:
    browser = cast.client("bram")
    with app.app_context(), transaction():
        room = ensure_room(db.session.get_one(Community, cast.one)).id
    action = f"/rooms/{room}/messages"
    chosen = browser.get(f"/files/{file}/sending?to={room}").text
    answer = browser.post(action, data={**fields_of(chosen, action), "body": "Kijk"})
    assert answer.status_code in (200, 303), answer.text
    assert f'href="/files/{file}"' in browser.get(f"/rooms/{room}").text


def test_works_in_a_new_thread(cast: Any, file: int) -> None:
    browser = cast.client("bram")
    action = "/communities/een/threads"
    chosen = browser.get(f"/files/{file}/sending?new=1").text
    data = {**fields_of(chosen, action), "kind": "question", "title": "Klopt dit model?", "body": "Zie de bijlage"}
    answer = browser.post(action, data=data)
    assert answer.status_code == 303, answer.text
    assert f'href="/files/{file}"' in browser.get(answer.location).text


def test_place_of_another_community_gets_404(cast: Any, library: Any, file: int) -> None:
    elsewhere = post(library, "chris", library.share("chris", "x.txt", draft=1, to="twee")["id"], "twee")
    for who in ("bram", "fons"):
        assert cast.client(who).get(f"/files/{file}/sending?to={elsewhere['id']}").status_code == 404


def test_places_are_found_by_their_title(cast: Any, library: Any, file: int) -> None:
    thread = post(library, "anna", library.share("anna", "b.txt", draft=1)["id"])
    browser = cast.client("bram")
    assert f"to={thread['id']}" in browser.get(f"/files/{file}/sending?q=vraa").text
    nothing = browser.get(f"/files/{file}/sending?q=100%25").text
    assert "Geen gesprek gevonden met “100%” in de titel." in nothing


def test_trashed_document_is_not_sent(cast: Any, library: Any, file: int) -> None:
    library.ask("anna", f"/files/{file}", "delete")
    assert cast.client("anna").get(f"/files/{file}/sending").status_code == 404


def test_document_can_be_followed(cast: Any, library: Any, file: int) -> None:
    browser = cast.client("bram")
    assert f'action="/things/{file}/following"' in browser.get(f"/files/{file}").text
    assert browser.post(f"/things/{file}/following").location == f"/files/{file}"
    page = browser.get(f"/files/{file}").text
    assert f'action="/things/{file}/following/delete"' in page
    assert 'aria-pressed="true"' in page
