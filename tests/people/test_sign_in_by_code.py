"""people.sign_in by the code in the mail: five attempts for each link."""

from __future__ import annotations

from typing import Any

import pytest

MAIL = "anna@proef.example"


@pytest.fixture
def code(cast: Any, post: Any) -> str:
    cast.client(None).post("/sign-in", data={"mail": MAIL, "next": "/communities/een"})
    return post.code(MAIL)


def other(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


def test_works(cast: Any, code: str) -> None:
    typed = f"{code[:3]} {code[3:]}"
    answer = cast.client(None).post("/sign-in/code", data={"mail": MAIL, "code": typed})
    assert answer.status_code == 303
    assert answer.location == "/communities/een"
    assert cast.client(None).post("/sign-in/code", data={"mail": MAIL, "code": code}).status_code == 422


def test_works_by_api(cast: Any, code: str) -> None:
    answer = cast.client(None).post("/api/v1/sign-in/code", json={"mail": MAIL, "code": code})
    assert answer.json["id"] == cast.anna


def test_bad_input_names_the_field(cast: Any, code: str) -> None:
    answer = cast.client(None).post("/sign-in/code", data={"mail": MAIL, "code": other(code)})
    assert answer.status_code == 422
    assert "Deze code klopt niet of geldt niet meer." in answer.text
    assert f'value="{MAIL}"' in answer.text
    refused = cast.client(None).post("/api/v1/sign-in/code", json={"mail": "zzzz@proef.example", "code": code})
    assert refused.status_code == 422
    assert list(refused.json["errors"]) == ["code"]


def test_code_is_refused_after_five_tries(cast: Any, code: str) -> None:
    for _try in range(5):
        assert cast.client(None).post("/sign-in/code", data={"mail": MAIL, "code": other(code)}).status_code == 422
    assert cast.client(None).post("/sign-in/code", data={"mail": MAIL, "code": code}).status_code == 422


def test_code_belongs_to_one_person(cast: Any, code: str, post: Any) -> None:
    cast.client(None).post("/sign-in", data={"mail": "bram@proef.example"})
    assert post.code("bram@proef.example")
    assert cast.client(None).post("/sign-in/code", data={"mail": "bram@proef.example", "code": code}).status_code == 422


def test_is_journalled(cast: Any, code: str, journal_entries: Any) -> None:
    cast.client(None).post("/sign-in/code", data={"mail": MAIL, "code": other(code)})
    assert journal_entries("denied")[-1].details["person"] == cast.anna
    cast.client(None).post("/sign-in/code", data={"mail": MAIL, "code": code})
    assert journal_entries("people.sign_in")[-1].details["by"] == "code"
