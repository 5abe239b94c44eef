"""Names that deceive: invisible characters go, heaps of accents and look-alikes of other alphabets are refused."""

from __future__ import annotations

from typing import Any

import pytest

from cop.base import text
from cop.base.action import transaction
from cop.base.db import db
from cop.society.people import Person

HONEST = [
    "Anna Adem", "Zoë Smit", "Aïcha Rolmodel", "İlker Çağ", "Łukasz Żółć", "Nguyễn Thị Ánh", "Ruud O’Brien",
    "Юлия Иванова", "Ελένη Παπαδοπούλου", "محمد علی", "שרה לוי", "王小明", "山田 はなこ", "김민준", "Anna (Анна Шмидт)",
    "Sønderby-Ægir", "Gemeente 's-Hertogenbosch", "Ɛsi Mensah", "VvE 12½", "Kring №2",
]  # fmt: skip
DECEPTIVE = [
    "Аnna Adem",  # Cyrillic А
    "Annа Adem",
    "Bram Βaan",  # Greek Β
    "Ваѕ",  # all Cyrillic
    "ΑΝΝΑ",  # all Greek
    "Anna Ваѕ",
    "Annɑ",  # Latin alpha
    "ᴀnna",
    "Ꭺnna",  # Cherokee
    "օոո",  # Armenian
]


@pytest.mark.parametrize("name", HONEST)
def test_honest_names_are_accepted(name: str) -> None:
    assert not text.is_deceptive(name)
    assert not text.has_too_many_marks(name)


@pytest.mark.parametrize("name", DECEPTIVE)
def test_look_alikes_are_recognised(name: str) -> None:
    assert text.is_deceptive(name)


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("Anna\u200bAdem", "AnnaAdem"),
        ("Anna \u202eAdem", "Anna Adem"),
        ("\ufeffAnna\u00ad Adem\u2066", "Anna Adem"),
        ("Anna\u200d Adem\u200c", "Anna Adem"),
        ("\u3164", ""),
        ("\u2800\u200b", ""),
        ("Tag\U000e0041", "Tag"),
        ("👩🏽\u200d💻 werk", "👩🏽\u200d💻 werk"),
        ("❤\ufe0f", "❤\ufe0f"),
        ("می\u200cروم", "می\u200cروم"),
    ],
)
def test_invisible_characters_go(typed: str, line: str) -> None:
    assert text.clean_line(typed) == line


FLOOD = "A\u0316\u0317\u0318\u0319\u031c\u0316nna"
FIELDS = [
    ("iris", "PATCH", "/settings", "name", {}),
    ("iris", "POST", "/people", "name", {"mail": "nieuw@proef.example"}),
    ("iris", "POST", "/organisations", "name", {"kind": "housing"}),
    ("fons", "PATCH", "/programmes/proef", "name", {}),
    ("fons", "PATCH", "/communities/een", "name", {}),
    ("eva", "POST", "/communities/een/folders", "name", {}),
    ("eva", "POST", "/communities/een/members", "name", {"mail": "nieuw@proef.example", "role": "member"}),
]


@pytest.mark.parametrize(("who", "method", "path", "field", "more"), FIELDS)
@pytest.mark.parametrize("name", ["Аnna Adem", FLOOD])
def test_every_name_is_checked(
    app: Any, cast: Any, who: str, method: str, path: str, field: str, more: dict[str, Any], name: str
) -> None:
    answer = app.test_client().open(f"/api/v1{path}", method=method, json={field: name, **more}, headers=cast.api(who))
    assert (answer.status_code, list(answer.json["errors"])) == (422, [field])


@pytest.mark.parametrize(("who", "method", "path", "field", "more"), FIELDS)
def test_every_honest_name_is_accepted_without_invisible_characters(
    app: Any, cast: Any, who: str, method: str, path: str, field: str, more: dict[str, Any]
) -> None:
    given = {field: "𝐙oë\u200b \u202eÇağ", **more}
    answer = app.test_client().open(f"/api/v1{path}", method=method, json=given, headers=cast.api(who))
    assert answer.status_code < 300, answer.text
    if path == "/settings":
        with app.app_context(), transaction():
            assert db.session.get_one(Person, cast.iris).name == "Zoë Çağ"


def test_title_of_a_thread_is_checked(app: Any, cast: Any) -> None:
    answer = app.test_client().post(
        "/api/v1/communities/een/threads", json={"title": FLOOD, "body": "x"}, headers=cast.api("anna")
    )
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["title"])
