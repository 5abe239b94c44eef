"""people.set_language and the theme, which also work signed out."""

from __future__ import annotations

from typing import Any

import pytest


def test_works(cast: Any, person: Any) -> None:
    browser = cast.client("anna")
    answer = browser.post("/language", data={"language": "en"}, headers={"Referer": "http://localhost/help?x=1"})
    assert answer.location == "/help?x=1"
    assert person(cast.anna).language == "en"
    assert '<html lang="en"' in browser.get("/help").text


def test_works_signed_out(cast: Any, journal_entries: Any) -> None:
    browser = cast.client(None)
    assert browser.post("/language", data={"language": "en"}).location == "/"
    assert "Sign in" in browser.get("/sign-in").text
    assert not journal_entries("people.set_language")


def test_works_by_api(cast: Any, person: Any) -> None:
    cast.client(None).post("/api/v1/language", headers=cast.api("anna"), json={"language": "en"})
    assert person(cast.anna).language == "en"


def test_redirect_stays_on_this_site(cast: Any) -> None:
    answer = cast.client(None).post(
        "/language", data={"language": "en"}, headers={"Referer": "https://evil.example//x.example"}
    )
    assert answer.location == "/"


def test_bad_input_names_the_field(cast: Any) -> None:
    answer = cast.client(None).post("/api/v1/language", headers=cast.api("anna"), json={"language": "tlh"})
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == ["language"]


def test_is_journalled(cast: Any, journal_entries: Any) -> None:
    cast.client("anna").post("/language", data={"language": "en"})
    assert journal_entries("people.set_language")[-1].person_id == cast.anna


@pytest.mark.parametrize("who", [None, "anna"])
def test_theme_can_be_set(cast: Any, who: str | None) -> None:
    browser = cast.client(who)
    answer = browser.post("/theme", data={"theme": "dark"}, headers={"Referer": "http://localhost/privacy"})
    assert answer.location == "/privacy"
    assert 'data-theme="dark"' in browser.get("/privacy").text
    browser.post("/theme", data={"theme": ""})
    assert "data-theme" not in browser.get("/privacy").text
    assert browser.post("/theme", data={"theme": '"><script>'}).status_code == 422
