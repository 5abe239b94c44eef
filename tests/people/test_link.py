"""people.link: requesting a link does not reveal who has an account."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from cop.base import clock

KNOWN, UNKNOWN = "anna@proef.example", "zzzz@proef.example"


def alike(page: str, mail: str) -> str:
    """Return a page without its nonce and the typed address."""
    return re.sub(r'nonce="[^"]+"', "", page).replace(mail, "")


def test_works(cast: Any, post: Any) -> None:
    answer = cast.client(None).post("/sign-in", data={"mail": "Anna@PROEF.example", "next": "/threads/7"})
    assert answer.status_code == 200
    assert "Als dit adres bij ons bekend is, hebt u nu een mail" in answer.text
    email = post.last(KNOWN)
    assert post.code(KNOWN) not in email.subject
    assert post.code(KNOWN)[:3] in email.html
    assert cast.client(None).post(post.path(KNOWN)).location == "/threads/7"


def test_works_by_api(cast: Any, post: Any) -> None:
    answer = cast.client(None).post("/api/v1/sign-in", json={"mail": KNOWN})
    assert answer.json == {"words": "Als dit adres bij ons bekend is, hebt u nu een mail."}
    assert len(post.all(KNOWN)) == 1


def test_known_and_unknown_addresses_get_the_same_response(cast: Any, count_statements: Any, post: Any) -> None:
    links = {}
    for mail in (KNOWN, UNKNOWN, "kees@proef.example"):
        with count_statements() as statements:
            answer = cast.client(None).post("/sign-in", data={"mail": mail})
        kinds = [statement.split(None, 1)[0] for statement in statements]
        links[mail] = answer.status_code, alike(answer.text, mail), sorted(answer.headers.keys()), kinds
    assert links[KNOWN] == links[UNKNOWN] == links["kees@proef.example"]
    assert [email.address for email in post.all()] == ["anna@proef.example"]


def test_five_mails_an_hour_to_one_address(cast: Any, post: Any) -> None:
    for mail in (KNOWN, UNKNOWN):
        statuses = [cast.client(None).post("/sign-in", data={"mail": mail}).status_code for _try in range(6)]
        assert statuses == [200] * 5 + [429]
    refused = cast.client(None).post("/api/v1/sign-in", json={"mail": KNOWN.upper()})
    assert refused.status_code == 429
    assert 3500 < int(refused.headers["Retry-After"]) <= 3600
    assert len(post.all(KNOWN)) == 5
    clock.shift(timedelta(hours=1, minutes=1))
    assert cast.client(None).post("/sign-in", data={"mail": KNOWN}).status_code == 200


@pytest.mark.parametrize("mail", ["", "geen-adres", "a@b", "x\r\nBcc: y@z.nl"])
def test_bad_input_names_the_field(cast: Any, mail: str) -> None:
    answer = cast.client(None).post("/api/v1/sign-in", json={"mail": mail})
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == ["mail"]
    assert cast.client(None).post("/sign-in", data={"mail": mail}).status_code == 422


def test_next_page_is_on_this_site(cast: Any, post: Any) -> None:
    for n, away in enumerate(
        ("//evil.example", "/\\evil.example", "https:evil.example", "/a\r\nSet-Cookie: x=1", "/\t/evil")
    ):
        clock.shift(timedelta(hours=2 * n))
        cast.client(None).post("/sign-in", data={"mail": KNOWN, "next": away})
        assert cast.client(None).post(post.path(KNOWN)).location == "/"


def test_unknown_host_is_refused(cast: Any, post: Any) -> None:
    answer = cast.client(None).post("/sign-in", data={"mail": KNOWN}, headers={"Host": "evil.example"})
    assert answer.status_code == 400
    cast.client(None).post("/sign-in", data={"mail": KNOWN}, headers={"X-Forwarded-Host": "evil.example"})
    assert "evil" not in post.last(KNOWN).text


def test_is_journalled(cast: Any, post: Any, journal_entries: Any) -> None:
    cast.client(None).post("/sign-in", data={"mail": KNOWN})
    post.all()
    entry = journal_entries("people.link")[-1]
    assert (entry.person_id, entry.object_kind, entry.object_id) == (None, "person", cast.anna)
