"""people.confirm_mail: a new address counts once both addresses confirmed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cop.base import clock

OLD, NEW = "anna@proef.example", "anna.adem@elders.example"
JSON = {"Accept": "application/json"}


@pytest.fixture
def links(cast: Any, post: Any) -> dict[str, str]:
    """Return the paths of both links."""
    cast.client("anna").post("/settings/mail", data={"mail": NEW})
    return {address: post.path(address) for address in (OLD, NEW)}


@pytest.mark.parametrize("order", [(OLD, NEW), (NEW, OLD)])
def test_works_in_either_order(cast: Any, links: dict[str, str], person: Any, order: tuple[str, str]) -> None:
    first, second = order
    browser = cast.client("anna")
    for _scan in range(2):
        assert browser.get(links[first]).status_code == 200
    assert browser.post(links[first]).location == "/settings/sign-in"
    assert person(cast.anna).mail == OLD
    assert browser.post(links[second]).location == "/settings/sign-in"
    assert person(cast.anna).mail == NEW
    assert browser.get("/me", headers=JSON).json["mail"] == NEW
    assert cast.client("anna").get("/me", headers=JSON).status_code == 401


def test_works_signed_out(cast: Any, links: dict[str, str], person: Any) -> None:
    for path in links.values():
        assert cast.client(None).post(path).location == "/sign-in"
    assert person(cast.anna).mail == NEW


def test_works_by_api(cast: Any, links: dict[str, str]) -> None:
    assert "Klik nu ook" in cast.client(None).post(f"/api/v1{links[NEW]}").json["words"]
    assert cast.client(None).post(f"/api/v1{links[NEW]}").status_code == 410


def test_confirming_one_address_twice_is_not_enough(cast: Any, links: dict[str, str], person: Any) -> None:
    assert cast.client(None).post(links[NEW]).status_code == 303
    again = cast.client(None).post(links[NEW])
    assert again.status_code == 410
    assert "opnieuw aan" in again.text
    assert person(cast.anna).mail == OLD


def test_confirmation_counts_for_its_own_address_only(cast: Any, links: dict[str, str], person: Any, post: Any) -> None:
    cast.client(None).post(links[OLD])
    cast.client("anna").post("/settings/mail", data={"mail": "iets@anders.example"})
    assert cast.client(None).post(links[NEW]).status_code == 410
    cast.client(None).post(post.path("iets@anders.example"))
    assert person(cast.anna).mail == OLD


def test_expired_link_is_refused(cast: Any, links: dict[str, str], person: Any) -> None:
    clock.shift(timedelta(minutes=61))
    assert cast.client(None).post(links[OLD]).status_code == 410
    assert cast.client(None).get(links[NEW]).status_code == 410


def test_address_taken_meanwhile_is_refused(cast: Any, links: dict[str, str], person: Any) -> None:
    cast.client(None).post(links[OLD])
    cast.client("iris").post("/people", data={"mail": NEW, "name": "Iemand Anders"})
    answer = cast.client(None).post(links[NEW])
    assert answer.status_code == 422
    assert "al in gebruik" in answer.text
    assert person(cast.anna).mail == OLD


def test_sign_in_link_does_not_confirm(cast: Any, newcomer: Any) -> None:
    assert cast.client(None).post(newcomer[1].replace("/sign-in/", "/settings/mail/")).status_code == 410


def test_is_journalled(cast: Any, links: dict[str, str], journal_entries: Any) -> None:
    for path in links.values():
        cast.client(None).post(path)
    assert [e.details for e in journal_entries("people.confirm_mail")] == [
        {"person": cast.anna, "at": "mail-old", "done": 0},
        {"person": cast.anna, "at": "mail-new", "done": 1},
    ]
