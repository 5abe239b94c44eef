"""people.change_mail: requested here, confirmed at both addresses."""

from __future__ import annotations

from typing import Any

import pytest

OLD, NEW = "anna@proef.example", "anna.adem@elders.example"


def test_works(cast: Any, person: Any, post: Any) -> None:
    browser = cast.client("anna")
    assert browser.post("/settings/mail", data={"mail": NEW}).location == "/settings/sign-in"
    assert person(cast.anna).mail == OLD
    assert NEW in browser.get("/settings/sign-in").text
    assert NEW in post.last(OLD).text
    assert post.path(OLD) != post.path(NEW)


def test_works_by_api(cast: Any, post: Any) -> None:
    answer = cast.client(None).put("/api/v1/settings/mail", headers=cast.api("anna"), json={"mail": NEW})
    assert answer.status_code == 200
    assert "Bevestig" in answer.json["words"]
    assert len(post.all(NEW)) == 1


@pytest.mark.parametrize(
    "mail", ["geen adres", OLD, "ANNA@proef.example", "Bram@proef.example", "x@y.nl\r\nBcc: z@z.nl"]
)
def test_bad_input_names_the_field(cast: Any, post: Any, mail: str) -> None:
    answer = cast.client(None).put("/api/v1/settings/mail", headers=cast.api("anna"), json={"mail": mail})
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == ["mail"]
    assert not post.all()


def test_requests_are_limited(cast: Any) -> None:
    statuses = [
        cast.client("anna").post("/settings/mail", data={"mail": f"a{n}@elders.example"}).status_code for n in range(6)
    ]
    assert statuses == [303] * 5 + [429]


def test_signed_out_must_sign_in(cast: Any) -> None:
    assert cast.client(None).post("/settings/mail", data={"mail": NEW}).location.startswith("/sign-in")


def test_is_journalled(cast: Any, journal_entries: Any) -> None:
    cast.client("anna").post("/settings/mail", data={"mail": NEW})
    entry = journal_entries("people.change_mail")[-1]
    assert entry.person_id == cast.anna
    assert NEW not in str(entry.details)
