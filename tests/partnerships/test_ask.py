"""partnerships.ask: the help that is wanted becomes a question in a community, with a link both ways."""

from __future__ import annotations

from typing import Any

import pytest

from cop.base.action import transaction
from cop.base.db import db
from cop.things import Thing


def ask(cast: Any, duo: Any, who: str = "anna", **given: Any) -> Any:
    given = {"community": "een", "title": "Wie heeft een convenant?", "body": "Wij zoeken er een.", **given}
    return cast.client(None).post(f"{duo.api}/questions", headers=cast.api(who), json=given)


@pytest.fixture
def answered(cast: Any, duo: Any, month: int) -> int:
    """The id of a check-in in which help is wanted."""
    given = {"standing": "Goed", "help_wanted": "Een jurist met\nervaring in huurrecht"}
    cast.client("anna").post(f"{duo.url}/check-in", data=given)
    return month


def test_works(cast: Any, duo: Any, answered: int) -> None:
    assert f"{duo.url}/questions/new?check_in={answered}" in cast.client("anna").get(duo.url).text
    form = cast.client("anna").get(f"{duo.url}/questions/new?check_in={answered}").text
    assert 'value="Een jurist met"' in form
    assert "ervaring in huurrecht" in form
    assert "Tweede kring" not in form  # Anna takes no part in it
    given = {"check_in": answered, "community": "een", "title": "Wie kent een jurist?", "body": "Voor huurrecht."}
    to = cast.client("anna").post(f"{duo.url}/questions", data=given).location
    thread = cast.client("eva").get(to).text
    assert "Wie kent een jurist?" in thread
    assert f'href="{duo.url}"' in thread
    page = cast.client("bram").get(duo.url).text
    assert f'href="{to}"' in page
    assert "questions/new" not in page
    outside = cast.client("chris").get(duo.url).text  # of another community of the programme
    assert "Een jurist" in outside
    assert "Wie kent een jurist?" not in outside


def test_works_by_api(cast: Any, duo: Any, answered: int) -> None:
    first = ask(cast, duo, check_in=answered)
    assert (first.status_code, first.json["url"]) == (201, f"/threads/{first.json['thread']}")
    again = ask(cast, duo, "bram", check_in=answered, title="Een ander")
    assert again.json == first.json  # a month is asked once
    key = "8b8f9c1e-6a35-4c0c-9a39-1f2f6c6f4b11"
    once, twice = (ask(cast, duo, client_id=key).json["thread"] for _try in range(2))
    assert once == twice != first.json["thread"]


def test_the_name_of_the_partnership_is_no_markup(cast: Any, app: Any, duo: Any) -> None:
    cast.client("fons").post(duo.url, data={"name": "Duo [x](http://kwaad.example) *sterk*"})
    to = ask(cast, duo).json["url"]
    page = cast.client("eva").get(to).text
    assert 'href="http://kwaad.example"' not in page
    assert "Duo [x](http://kwaad.example) *sterk*" in page


def test_a_hidden_question_is_not_named(cast: Any, app: Any, duo: Any, answered: int) -> None:
    thread = ask(cast, duo, check_in=answered).json["thread"]
    with app.app_context(), transaction():
        db.session.get_one(Thing, thread).state = "hidden"
    assert "Wie heeft een convenant?" not in cast.client("bram").get(duo.url).text


def test_stranger_gets_404(cast: Any, duo: Any) -> None:
    assert ask(cast, duo, "hans").status_code == 404
    assert cast.client("chris").get(f"{duo.url}/questions/new").status_code == 404


def test_wrong_role_gets_403(cast: Any, duo: Any) -> None:
    for who in ("chris", "eva", "iris"):
        assert ask(cast, duo, who).status_code == 403, who


def test_bad_input_names_the_field(cast: Any, duo: Any, month: int) -> None:
    for field, value in (("community", "twee"), ("title", ""), ("body", " "), ("check_in", month)):
        answer = ask(cast, duo, **{field: value})
        assert (answer.status_code, set(answer.json["errors"])) == (422, {field})
    page = cast.client("anna").post(f"{duo.url}/questions", data={"community": "een", "title": "Blijft", "body": ""})
    assert page.status_code == 422
    assert 'value="Blijft"' in page.text


def test_is_journalled(cast: Any, duo: Any, journal_entries: Any) -> None:
    thread = ask(cast, duo).json["thread"]
    entry = journal_entries("partnerships.ask")[-1]
    assert (entry.person_id, entry.details) == (cast.anna, {"thread": thread, "community": cast.one})
    assert journal_entries("threads.start")[-1].person_id == cast.anna
