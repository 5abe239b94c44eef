"""The pages for administrators: health of the platform, and the journal."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from cop.base import clock, jobs, journal
from cop.base.action import transaction
from cop.base.db import db
from cop.base.email import Email
from cop.base.jobs import Job
from cop.operations.models import BACKUP
from cop.society.people import Person


def test_healthy_platform(app: Flask, cast: Any) -> None:
    with app.app_context():
        jobs.beat()
        with transaction():
            journal.write(BACKUP, None, None, {"files": 1, "bytes": 5})
    page = cast.client("iris").get("/operations")
    assert page.status_code == 200
    for words in (
        "Alle mail is bezorgd",
        "Geen mislukte taken",
        "Geen ongebruikte bestanden",
        "De laatste back-up is van",
    ):
        assert words in page.text
    assert "staan stil" not in page.text


def test_failures_are_shown(app: Flask, cast: Any) -> None:
    with app.app_context(), transaction():
        email = {
            "kind": "notices/mention",
            "subject": "Over een geheim",
            "text": "",
            "html": "",
            "headers": {},
            "made": clock.now(),
        }
        db.session.add_all(
            [
                Email(address="een@proef.example", state="failed", error="550 <b>onbekend</b>", **email),
                Email(address="twee@proef.example", state="waiting", error="OSError: weg", **email),
                Email(address="drie@proef.example", state="waiting", **email),
                Job(
                    name="notices.digest_one",
                    arguments=[7],
                    state="dead",
                    error="KeyError: 7",
                    due=clock.now(),
                    made=clock.now(),
                ),
            ]
        )
    page = cast.client("iris").get("/operations").text
    assert "550 &lt;b&gt;onbekend" in page
    assert "een@proef.example" in page
    assert "twee@proef.example" in page
    assert "drie@proef.example" not in page
    assert "notices.digest_one 7" in page
    assert "Over een geheim" not in page, "an administrator reads what stands in a community"
    assert "nog geen back-up" in page
    assert "staan stil" in page, "no worker has reported"
    status = cast.client(None).get("/api/v1/operations", headers=cast.api("iris")).json
    assert status["mails"] == {"waiting": 2, "failed": 1}
    assert status["jobs"] == {"waiting": 0, "dead": 1}
    assert [mail["address"] for mail in status["undelivered"]] == ["twee@proef.example", "een@proef.example"]
    assert (status["worker"], status["last_backup"]) == (False, None)


def test_page_in_english(app: Flask, cast: Any) -> None:
    browser = cast.client("iris")
    browser.set_cookie("cop-language", "en")
    page = browser.get("/operations").text
    assert "No failed jobs." in page
    assert "Show" in browser.get("/operations/journal").text


def test_journal_shows_person_and_verb(app: Flask, cast: Any) -> None:
    cast.client("anna").post("/communities/een/threads", data={"title": "Titel die hier niet staat", "body": "y"})
    page = cast.client("iris").get("/operations/journal").text
    assert "Anna Adem" in page
    assert "threads.start" in page
    assert "Titel die hier niet staat" not in page
    listed = cast.client(None).get("/api/v1/operations/journal?verb=threads.start", headers=cast.api("iris")).json
    [entry] = listed["items"]
    assert (entry["verb"], entry["person"], entry["name"], entry["community"]) == (
        "threads.start",
        cast.anna,
        "Anna Adem",
        cast.one,
    )


def test_journal_is_paged(app: Flask, cast: Any) -> None:
    with app.app_context(), transaction():
        for number in range(5):
            journal.write("denied", db.session.get(Person, cast.anna), None, {"endpoint": "x", "id": number})
    address, seen = "/api/v1/operations/journal?verb=denied&limit=2", []
    while address:
        part = cast.client(None).get(address, headers=cast.api("iris")).json
        seen += [entry["details"]["id"] for entry in part["items"]]
        address = part["next"]
    assert seen == [4, 3, 2, 1, 0]
    page = cast.client("iris").get("/operations/journal?verb=denied&limit=2")
    assert "Ouder" in page.text


def test_unused_verb_has_an_empty_list(cast: Any) -> None:
    page = cast.client("iris").get("/operations/journal?verb=people.promote")
    assert "Niets gevonden" in page.text


def test_bad_input_names_the_field(cast: Any) -> None:
    answer = cast.client(None).get("/api/v1/operations/journal?limit=1000", headers=cast.api("iris"))
    assert answer.status_code == 422
    assert set(answer.json["errors"]) == {"limit"}


@pytest.mark.parametrize("who", ["anna", "eva", "fons"])
def test_wrong_role_gets_403(cast: Any, who: str) -> None:
    for address in ("/operations", "/operations/journal"):
        assert cast.client(who).get(address).status_code == 403
        assert cast.client(None).get(f"/api/v1{address}", headers=cast.api(who)).status_code == 403
        assert cast.client(None).get(address).status_code == 303
