"""How people without a name are called: by one function, on every page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from cop.base import words
from cop.society.people import GUEST, Person, shown_name

COP = Path(__file__).parents[2] / "cop"
MAIL = "anna@proef.example"


@pytest.mark.parametrize(
    ("given", "dutch", "english"),
    [
        ({"name": "Anna Adem", "former": True, "guest": True, "mail": MAIL}, "Anna Adem", "Anna Adem"),
        ({"name": None, "former": False, "mail": MAIL}, MAIL, MAIL),
        ({"name": "", "former": False}, "Deelnemer", "Participant"),
        ({"name": "", "former": True, "mail": MAIL}, "Oud-deelnemer", "Former participant"),
        ({"name": "", "former": False, "guest": True, "mail": "1f@guest.invalid"}, "Gast", "Guest"),
    ],
)
def test_works(app: Any, given: dict[str, Any], dutch: str, english: str) -> None:
    with app.app_context():
        for language, shown in (("nl", dutch), ("en", english)):
            token = words.language.set(language)
            assert shown_name(**given) == shown
            words.language.reset(token)


def test_a_guest_is_never_called_by_their_placeholder(app: Any) -> None:
    with app.app_context():
        assert Person(name="", mail="1f@guest.invalid", state=GUEST, former=False).shown_name == "Gast"


def test_no_feature_has_its_own_form() -> None:
    own = re.compile(r"_\(.Oud-deelnemer.\)\s+if\b")
    files = [file for file in COP.rglob("*.py") if own.search(file.read_text())]
    assert [file.relative_to(COP).as_posix() for file in files] == ["society/people.py"]
