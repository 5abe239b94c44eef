"""The rule for partnerships is a setting of the programme: which kinds of organisations must be in one."""

from __future__ import annotations

from typing import Any

import pytest

from cop.base.action import transaction
from cop.base.db import db
from cop.partnerships.actions import composition_refusal
from cop.society.organisations import ORGANISATION_KINDS, Organisation
from cop.society.programmes import Partnership, Programme


@pytest.mark.parametrize(
    ("kinds", "refused"),
    [
        ({"municipality", "housing"}, ""),
        ({"municipality", "care", "housing", "knowledge"}, ""),
        ({"municipality"}, "Kies bij de gemeente ook een woningcorporatie of zorgaanbieder."),
        ({"municipality", "landlord"}, "Kies bij de gemeente ook een woningcorporatie of zorgaanbieder."),
        ({"housing"}, "Er is nog geen gemeente gekozen. In dit programma hoort die bij elke samenwerking."),
        ({"knowledge"}, "Kies een gemeente, en een woningcorporatie of zorgaanbieder."),
        (set(), "Kies een gemeente, en een woningcorporatie of zorgaanbieder."),
    ],
)
def test_frontrunners_say_what_is_missing(kinds: set[str], refused: str) -> None:
    assert composition_refusal("frontrunners", kinds) == refused


@pytest.mark.parametrize("kind", ORGANISATION_KINDS)
def test_free_takes_any_organisation_alone(kind: str) -> None:
    assert composition_refusal("free", {kind}) == ""
    assert composition_refusal("free", set()) == "Kies ten minste één organisatie."


@pytest.fixture
def alone(cast: Any, app: Any) -> dict[str, int]:
    """Return a housing corporation and a landlord of the programme, by kind."""
    with app.app_context(), transaction():
        made = [
            Organisation(kind=kind, name=f"Alleen {kind}", added_by_id=cast.fons) for kind in ("housing", "landlord")
        ]
        db.session.add_all(made)
        db.session.flush()
        return {one.kind: one.id for one in made}


def test_a_corporation_and_a_landlord_alone_are_recorded(cast: Any, alone: dict[str, int]) -> None:
    form = cast.client("fons").get("/programmes/proef/partnerships/new").text
    assert "Een gemeente, met een woningcorporatie, een zorgaanbieder of beide." in form
    for id in alone.values():
        page = cast.client("fons").post("/programmes/proef/partnerships", data={"name": "Mix", "organisations": [id]})
        assert page.status_code == 422
        assert 'id="f-organisations-error"' in page.text
    assert cast.client("fons").post("/programmes/proef", data={"composition": "free"}).status_code == 303
    assert "Elke organisatie kan meedoen" in cast.client("fons").get("/programmes/proef/partnerships/new").text
    for kind, id in alone.items():
        made = cast.client("fons").post("/programmes/proef/partnerships", data={"name": kind, "organisations": [id]})
        assert made.status_code == 303
        assert f"Alleen {kind}" in cast.client("anna").get(made.location).text


def test_another_rule_leaves_what_was_recorded(cast: Any, app: Any, alone: dict[str, int]) -> None:
    with app.app_context(), transaction():
        db.session.get_one(Programme, cast.programme).composition = "free"
        duo = Partnership(programme_id=cast.programme, name="Alleen")
        duo.organisations = [db.session.get_one(Organisation, alone["housing"])]
        db.session.add(duo)
        db.session.flush()
        url = duo.url
    cast.client("fons").post("/programmes/proef", data={"composition": "frontrunners"})
    assert cast.client("fons").post(url, data={"challenge": "Verder."}).status_code == 303
    answer = cast.client("fons").post(url, data={"organisations": [alone["housing"]]})
    assert answer.status_code == 422


def test_it_is_chosen_when_a_programme_is_made(cast: Any) -> None:
    given = {"name": "Magic Mix", "composition": "free"}
    answer = cast.client(None).post("/api/v1/programmes", headers=cast.api("iris"), json=given)
    assert (answer.status_code, answer.json["composition"], answer.json["slug"]) == (201, "free", "magic-mix")
    answer = cast.client(None).patch("/api/v1/programmes/proef", headers=cast.api("fons"), json={"composition": "x"})
    assert list(answer.json["errors"]) == ["composition"]
