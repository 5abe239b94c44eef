"""Where an organisation is: its municipality, or a province that was chosen for it."""

from __future__ import annotations

from typing import Any

import pytest

from cop.base.action import transaction
from cop.base.db import db
from cop.society.organisations import Organisation
from cop.society.regions import Municipality


@pytest.fixture(autouse=True)
def municipality(app: Any) -> None:
    """Record a municipality."""
    with app.app_context(), transaction():
        db.session.add(Municipality(code="GM9901", name="Proefdam", province="zh"))


def edit(cast: Any, which: int, **fields: str) -> Any:
    path = f"/api/v1/organisations/{cast.organisations[which]}"
    return cast.client(None).patch(path, headers=cast.api("fons"), json=fields)


def test_municipality_gives_the_province(cast: Any) -> None:
    assert edit(cast, 1, province="gr").json["province"] == "gr"
    changed = edit(cast, 1, municipality="GM9901").json
    assert (changed["municipality"], changed["province"]) == ("GM9901", "zh")
    page = cast.client("fons").get(f"/organisations/{cast.organisations[1]}").text
    assert "gemeente Proefdam · Zuid-Holland" in page
    assert "Welke gemeente is het?" in cast.client("fons").get(f"/organisations/{cast.organisations[1]}/edit").text


def test_municipality_can_be_taken_away(cast: Any) -> None:
    edit(cast, 1, municipality="GM9901")
    changed = edit(cast, 1, municipality="", province="dr").json
    assert (changed["municipality"], changed["province"]) == (None, "dr")
    assert edit(cast, 1, province="").json["province"] == ""


def test_municipality_ends_with_the_kind(cast: Any) -> None:
    edit(cast, 1, municipality="GM9901")
    assert edit(cast, 1, kind="other").json["municipality"] is None


@pytest.mark.parametrize(
    ("which", "given"),
    [
        (0, {"municipality": "GM9901"}),
        (1, {"municipality": "GM0001"}),
        (1, {"municipality": "Proefdam"}),
        (0, {"province": "xx"}),
    ],
)
def test_refused_place_names_the_field(which: int, given: dict[str, str], cast: Any) -> None:
    answer = edit(cast, which, **given)
    assert (answer.status_code, list(answer.json["errors"])) == (422, list(given))


def test_undoing_a_removal_brings_the_place_back(cast: Any) -> None:
    client = cast.client("iris")
    made = client.post(
        "/organisations", data={"name": "Gemeente Nieuw", "kind": "municipality", "municipality": "GM9901"}
    )
    client.post(f"{made.location}/delete")
    assert 'name="municipality" value="GM9901"' in client.get("/organisations").text


def test_merging_keeps_the_province(app: Any, cast: Any) -> None:
    edit(cast, 0, province="gr")
    home, _town, know = cast.organisations
    cast.client("iris").post(f"/organisations/{home}/merging", data={"into": know})
    with app.app_context():
        assert db.session.get_one(Organisation, know).province == "gr"
