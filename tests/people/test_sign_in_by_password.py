"""people.sign_in by password: the same response and work for every address, and a limit on attempts."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from cop.base import clock
from cop.base.action import transaction
from cop.base.db import db
from cop.people import passwords
from cop.society.people import Person

WORDS = "paard batterij nietje juist"
MAIL = "anna@proef.example"


@pytest.fixture(scope="module")
def password_hash() -> str:
    return passwords.hash(WORDS)


@pytest.fixture
def anna(app: Any, cast: Any, password_hash: str) -> None:
    with app.app_context(), transaction():
        db.session.get(Person, cast.anna).password = password_hash


def enter(cast: Any, mail: str = MAIL, password: str = WORDS, **headers: str) -> Any:
    return cast.client(None).post(
        "/sign-in/password", headers=headers, data={"mail": mail, "password": password, "next": "/communities/een"}
    )


def test_works(cast: Any, anna: None) -> None:
    answer = enter(cast)
    assert answer.status_code == 303
    assert answer.location == "/communities/een"


def test_works_by_api(cast: Any, anna: None) -> None:
    answer = cast.client(None).post("/api/v1/sign-in/password", json={"mail": MAIL, "password": WORDS})
    assert answer.json["id"] == cast.anna


def test_refusal_does_not_reveal_accounts(cast: Any, anna: None, count_statements: Any) -> None:
    enter(cast, "eerste@proef.example")  # creates the head of the journal
    answers = {}
    for mail in (MAIL, "bram@proef.example", "zzzz@proef.example", "kees@proef.example"):
        with count_statements() as statements:
            answer = enter(cast, mail, "iets anders")
        page = re.sub(r'nonce="[^"]+"', "", answer.text).replace(mail, "")
        answers[mail] = answer.status_code, page, [s.split(None, 1)[0] for s in statements]
    assert len({str(answer) for answer in answers.values()}) == 1
    assert answers[MAIL][0] == 422
    assert "horen niet bij elkaar" in answers[MAIL][1]


def test_password_is_compared_for_unknown_addresses(cast: Any, anna: None, monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []

    class Hasher:
        def verify(self, password_hash: str, password: str) -> bool:
            compared.append(password_hash)
            return True  # a person without a password cannot sign in

    monkeypatch.setattr(passwords, "_hasher", Hasher())
    for mail in ("bram@proef.example", "zzzz@proef.example"):
        assert enter(cast, mail).status_code == 422
    assert compared == [passwords._NOBODY] * 2


def test_dummy_hash_is_as_slow_as_a_real_one() -> None:
    assert not passwords._hasher.check_needs_rehash(passwords._NOBODY)


def test_password_is_refused_after_ten_tries(cast: Any, anna: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        passwords, "verify", lambda password_hash, password: password == WORDS and password_hash is not None
    )
    statuses = [
        enter(cast, password=f"gok {n}", **{"X-Forwarded-For": f"203.0.113.{n}"}).status_code for n in range(11)
    ]
    assert statuses == [422] * 10 + [429]
    assert enter(cast).status_code == 429  # also the correct password
    assert enter(cast, "bram@proef.example", "gok").status_code == 422  # but not for another person
    clock.shift(timedelta(minutes=3, seconds=1))
    assert enter(cast).status_code == 303
    assert [enter(cast, password="gok").status_code for _try in range(10)] == [422] * 10


def test_forty_people_at_one_ip_address_can_sign_in(
    app: Any, cast: Any, password_hash: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        passwords, "verify", lambda password_hash, password: password == WORDS and password_hash is not None
    )
    with app.app_context(), transaction():
        db.session.add_all(
            Person(
                mail=f"lid{n}@proef.example",
                name=f"Lid {n}",
                state="active",
                entered=clock.now(),
                password=password_hash,
            )
            for n in range(40)
        )
    assert [enter(cast, f"lid{n}@proef.example", "tikfout").status_code for n in range(40)] == [422] * 40
    assert [enter(cast, f"lid{n}@proef.example").status_code for n in range(40)] == [303] * 40


def test_deactivated_person_cannot_sign_in(app: Any, cast: Any, password_hash: str) -> None:
    with app.app_context(), transaction():
        db.session.get(Person, cast.kees).password = password_hash
    assert enter(cast, "kees@proef.example").status_code == 422


def test_is_journalled(cast: Any, anna: None, journal_entries: Any) -> None:
    enter(cast, password="gok")
    enter(cast, "zzzz@proef.example")
    assert [entry.details["person"] for entry in journal_entries("denied")[-2:]] == [cast.anna, 0]
    enter(cast)
    assert journal_entries("people.sign_in")[-1].details == {"person": cast.anna, "by": "password", "first": 0}
