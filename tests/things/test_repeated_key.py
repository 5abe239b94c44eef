"""A repeated `client_id`: the same thing for the same content, a refusal with both texts for other content."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

PLACES = ("threads.start", "threads.reply", "messages.say")


@pytest.fixture
def ask(app: Any, cast: Any) -> Any:
    """Return a function that sends JSON to the API."""

    def send(who: str, method: str, path: str, **given: Any) -> Any:
        return app.test_client().open(f"/api/v1{path}", method=method, json=given, headers=cast.api(who))

    return send


@pytest.fixture
def places(ask: Any) -> dict[str, str]:
    """Return the path of each verb that takes a client_id, in the first community."""
    thread = ask("anna", "POST", "/communities/een/threads", title="Opening", body="Tekst.").json["id"]
    room = ask("anna", "GET", "/communities/een/rooms").json["items"]
    paths = {"threads.start": "/communities/een/threads", "threads.reply": f"/threads/{thread}/posts"}
    return {**paths, "messages.say": f"/rooms/{room[0]['id']}/messages"} if room else paths


@pytest.fixture
def post(ask: Any, places: dict[str, str]) -> Any:
    """Return a function that posts by a verb."""

    def send(verb: str, who: str = "anna", **given: Any) -> Any:
        title = {"title": "Titel"} if verb == "threads.start" else {}
        return ask(who, "POST", places[verb], **{**title, "body": "Versie een.", **given})

    return send


@pytest.fixture(autouse=True)
def _room(app: Any, cast: Any) -> None:
    from cop.base.action import transaction
    from cop.base.db import db
    from cop.chat.models import ensure_room
    from cop.society.programmes import Community

    with app.app_context(), transaction():
        for id in (cast.one, cast.two):
            ensure_room(db.session.get_one(Community, id))


@pytest.mark.parametrize("verb", PLACES)
def test_other_content_is_refused_with_both_texts(post: Any, verb: str) -> None:
    key = str(uuid.uuid4())
    first = post(verb, client_id=key)
    assert post(verb, client_id=key).json["id"] == first.json["id"]
    refused = post(verb, client_id=key, body="Versie een. En nog een zin.")
    assert refused.status_code == 409
    assert refused.content_type == "application/problem+json"
    assert refused.json["code"] == "repeated_key"
    assert refused.json["sent"] == "Versie een. En nog een zin."
    stored = refused.json["stored"]
    assert (stored["id"], stored["source"], stored["html"]) == (first.json["id"], "Versie een.", "<p>Versie een.</p>")


@pytest.mark.parametrize("verb", PLACES)
def test_other_format_of_the_same_text_is_a_repeat(post: Any, verb: str) -> None:
    key = str(uuid.uuid4())
    first = post(verb, client_id=key)
    again = post(verb, client_id=key, body="<p>Versie een.</p>", format="html")
    assert (again.status_code, again.json["id"]) == (201, first.json["id"])


@pytest.mark.parametrize(
    ("verb", "other"),
    [
        ("threads.start", {"title": "Andere titel"}),
        ("threads.start", {"kind": "experience"}),
        ("threads.start", {"files": [999]}),
        ("threads.reply", {"files": [999]}),
        ("messages.say", {"files": [999]}),
    ],
)
def test_other_fields_are_other_content(post: Any, verb: str, other: dict[str, Any]) -> None:
    key = str(uuid.uuid4())
    post(verb, client_id=key)
    assert post(verb, client_id=key, **other).json["code"] == "repeated_key"


def test_reply_to_another_post_is_other_content(post: Any) -> None:
    key, earlier = str(uuid.uuid4()), post("threads.reply", body="Eerder.").json["id"]
    post("threads.reply", client_id=key)
    assert post("threads.reply", client_id=key, reply_to=earlier).json["code"] == "repeated_key"


def test_repeat_after_an_edit_is_still_a_repeat(post: Any, ask: Any) -> None:
    key = str(uuid.uuid4())
    first = post("threads.reply", client_id=key).json
    ask("anna", "PATCH", first["url"], body="Versie twee.", base_version=1)
    assert post("threads.reply", client_id=key).json["id"] == first["id"]
    assert post("threads.reply", client_id=key, body="Versie drie.").status_code == 409


@pytest.mark.parametrize("verb", PLACES)
def test_key_belongs_to_one_person_and_place(post: Any, ask: Any, places: dict[str, str], verb: str) -> None:
    key = str(uuid.uuid4())
    post(verb, client_id=key)
    stolen = post(verb, who="bram", client_id=key)
    assert (stolen.status_code, stolen.json["code"], "stored" in stolen.json) == (409, "key_in_use", False)
    other = ask("anna", "POST", "/communities/een/threads", title="Ander", body="Tekst.").json["id"]
    elsewhere = ask("anna", "POST", f"/threads/{other}/posts", body="Versie een.", client_id=key)
    assert (elsewhere.status_code, elsewhere.json["code"]) == (409, "key_in_use")


def test_form_without_script_offers_to_post_the_other_text(cast: Any, places: dict[str, str]) -> None:
    browser, key = cast.client("anna"), str(uuid.uuid4())
    assert browser.post(places["threads.reply"], data={"body": "Versie een.", "client_id": key}).status_code == 303
    again = browser.post(places["threads.reply"], data={"body": "Versie twee.", "client_id": key})
    assert again.status_code == 409
    assert "Wat u nu stuurde, is niet geplaatst." in again.text
    assert "Versie twee.</textarea>" in again.text
    assert 'name="client_id" value=""' in again.text
