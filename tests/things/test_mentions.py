"""Mentions are of a person: two people of one name are told apart, and names are found folded."""

from __future__ import annotations

from typing import Any

import pytest

from cop.base.action import transaction
from cop.base.db import db
from cop.society.people import Person


@pytest.fixture(autouse=True)
def two_of_one_name(app: Any, cast: Any) -> None:
    """Give Bram and Dina one name, and Anna one with other letters."""
    with app.app_context(), transaction():
        for key, name in (("bram", "Jan van den Berg"), ("dina", "Jan van den Berg"), ("gerda", "Zoë Çağ-O’Brien")):
            db.session.get_one(Person, getattr(cast, key)).name = name
        db.session.get_one(Person, cast.dina).function = "Adviseur"


@pytest.fixture
def ask(app: Any, cast: Any) -> Any:
    """Return a function that sends JSON to the API as Anna."""
    return lambda method, path, **given: app.test_client().open(
        f"/api/v1{path}", method=method, json=given or None, headers=cast.api("anna")
    )


def test_suggestions_tell_people_of_one_name_apart(cast: Any, ask: Any) -> None:
    bram, dina = ask("GET", "/communities/een/names?q=jan").json["items"]
    assert {bram["id"], dina["id"]} == {cast.bram, cast.dina}
    if bram["id"] != cast.bram:
        bram, dina = dina, bram
    assert (bram["organisation"], dina["organisation"]) == ("Gemeente Proefdam", "Kennisinstituut Proef")
    assert (bram["function"], dina["function"]) == ("", "Adviseur")
    assert dina["mention"] == f"@[Jan van den Berg](person:{cast.dina})"
    assert ask("GET", "/communities/een/names?q=zoe").json["items"][0]["mention"] == "@Zoë Çağ-O’Brien"


@pytest.mark.parametrize("typed", ["zoe", "ZOË", "cag", "obrien", "o'brien", "zoe cag obrien", "cag-obr"])
def test_suggestions_are_folded(ask: Any, typed: str) -> None:
    assert [one["name"] for one in ask("GET", f"/communities/een/names?q={typed}").json["items"]] == ["Zoë Çağ-O’Brien"]


@pytest.mark.parametrize("key", ["bram", "dina"])
@pytest.mark.parametrize(
    ("format", "body"),
    [
        ("markdown", "Dag @[Jan van den Berg](person:{id})"),
        ("plain", "Dag @[Jan van den Berg](person:{id})"),
        ("html", '<p>Dag <a href="/people/{id}">@Jan van den Berg</a></p>'),
    ],
)
def test_the_chosen_person_is_mentioned(
    cast: Any, ask: Any, journal_entries: Any, key: str, format: str, body: str
) -> None:
    id = getattr(cast, key)
    thread = ask("POST", "/communities/een/threads", title="Vraag", body=body.format(id=id), format=format).json
    html = ask("GET", f"{thread['url']}/posts").json["items"][0]["html"]
    assert html == f'<p>Dag <a class="mention" href="/people/{id}">@Jan van den Berg</a></p>'
    assert journal_entries("threads.start")[-1].details["mentions"] == [id]


def test_name_of_two_people_typed_by_hand_stays_text_and_the_author_is_told(cast: Any, ask: Any) -> None:
    browser = cast.client("anna")
    answer = browser.post("/communities/een/threads", data={"title": "Vraag", "body": "Dag @jan van den berg"})
    page = browser.get(answer.location).text
    assert "Dag @jan van den berg" in page
    assert "Jan van den Berg is niet genoemd: meer deelnemers heten zo." in page


def test_stream_tells_the_author_at_once(cast: Any, ask: Any) -> None:
    thread = ask("POST", "/communities/een/threads", title="Vraag", body="Wie?").json
    stream = {"Accept": "text/vnd.turbo-stream.html"}
    sent = {"body": "Dag @Jan van den Berg"}
    answer = cast.client("anna").post(f"{thread['url']}/posts", data=sent, headers=stream)
    assert '<turbo-stream action="update" target="flash">' in answer.text
    assert "is niet genoemd" in answer.text
    assert "cop-flash" not in answer.headers.get("Set-Cookie", "")


def test_edit_without_script_keeps_whom_it_mentions(cast: Any, ask: Any) -> None:
    body = f"Dag @[Jan van den Berg](person:{cast.bram})"
    thread = ask("POST", "/communities/een/threads", title="Vraag", body=body).json
    post = ask("GET", f"{thread['url']}/posts").json["items"][0]
    for version, text in ((1, body + "!"), (2, "Dag @Jan van den Berg!")):
        edited = ask("PATCH", post["url"], body=text, base_version=version).json
        assert f'href="/people/{cast.bram}"' in edited["html"]


def test_person_who_cannot_read_is_not_mentioned(cast: Any, ask: Any, journal_entries: Any) -> None:
    thread = ask("POST", "/communities/een/threads", title="Vraag", body=f"Dag @[Chris](person:{cast.chris})").json
    assert ask("GET", f"{thread['url']}/posts").json["items"][0]["html"] == "<p>Dag @Chris</p>"
    assert journal_entries("threads.start")[-1].details["mentions"] == []
