"""partnerships.add and partnerships.edit: a municipality with a housing corporation, a care provider or both."""

from __future__ import annotations

from typing import Any

import pytest

from cop.base.action import transaction
from cop.base.db import db
from cop.society.people import Person


@pytest.fixture
def given(cast: Any) -> dict[str, Any]:
    home, town, _know = cast.organisations
    return {
        "name": "Proefdam",
        "challenge": "Wij maken plaats.",
        "organisations": [home, town],
        "people": [cast.anna, cast.bram],
    }


@pytest.fixture
def partnership(cast: Any, given: dict[str, Any]) -> str:
    """Return the path of a partnership."""
    made = cast.client(None).post("/api/v1/programmes/proef/partnerships", headers=cast.api("fons"), json=given)
    return made.json["url"]


def test_works_for_add(cast: Any, given: dict[str, Any]) -> None:
    form = cast.client("fons").get("/programmes/proef/partnerships/new").text
    assert "Woonstichting Proef" in form
    answer = cast.client("fons").post("/programmes/proef/partnerships", data=given)
    assert answer.status_code == 303
    page = cast.client("chris").get(answer.location).text  # all people of the programme
    for words in ("Proefdam", "Wij maken plaats.", "Woonstichting Proef", "Woningcorporatie", "Anna Adem", "Bram Baan"):
        assert words in page
    assert "Proefdam" in cast.client("gerda").get("/programmes/proef").text


def test_works_for_edit(cast: Any, partnership: str) -> None:
    form = cast.client("fons").get(f"{partnership}/edit").text
    assert f'value="{cast.anna}" checked' in form
    home, town, _know = cast.organisations
    answer = cast.client("fons").post(
        partnership,
        data={"name": "Proefdam", "challenge": "Verder.", "organisations": ["", home, town], "people": [""]},
    )
    assert answer.status_code == 303
    page = cast.client("anna").get(partnership).text
    assert "Verder." in page
    assert "Er is nog niemand genoemd." in page


def test_works_by_api(cast: Any, partnership: str) -> None:
    answer = cast.client(None).patch(f"/api/v1{partnership}", headers=cast.api("iris"), json={"challenge": "Anders."})
    assert answer.status_code == 200
    assert (answer.json["name"], answer.json["challenge"]) == ("Proefdam", "Anders.")
    assert "Anna Adem" in cast.client("anna").get(partnership).text


def test_stranger_gets_404(cast: Any, given: dict[str, Any], partnership: str) -> None:
    assert cast.client("hans").post("/programmes/proef/partnerships", data=given).status_code == 404
    for path in (partnership, f"{partnership}/edit"):
        assert cast.client("hans").get(path).status_code == 404


def test_wrong_role_gets_403(cast: Any, given: dict[str, Any], partnership: str) -> None:
    for who in ("anna", "eva", "gerda"):
        assert cast.client(who).post("/programmes/proef/partnerships", data=given).status_code == 403, who
        assert cast.client(who).post(partnership, data=given).status_code == 403, who
        assert cast.client(who).get(f"{partnership}/edit").status_code == 403, who


def wrong(cast: Any) -> list[tuple[dict[str, Any], str]]:
    home, town, know = cast.organisations
    return [
        ({"name": ""}, "name"),
        ({"organisations": [home]}, "organisations"),
        ({"organisations": [town, know]}, "organisations"),
        ({"organisations": [home, town, 999999]}, "organisations"),
        ({"people": [cast.anna, 999999]}, "people"),
        ({"people": ["anna"]}, "people"),
        ({"challenge": "x" * 4001}, "challenge"),
    ]


def test_bad_input_names_the_field(cast: Any, given: dict[str, Any], partnership: str) -> None:
    for part, field in wrong(cast):
        made = cast.client(None).post(
            "/api/v1/programmes/proef/partnerships", headers=cast.api("fons"), json={**given, **part}
        )
        changed = cast.client(None).patch(f"/api/v1{partnership}", headers=cast.api("fons"), json=part)
        for answer in (made, changed):
            assert (answer.status_code, list(answer.json["errors"])) == (422, [field]), part
        for path in ("/programmes/proef/partnerships", partnership):
            if (path, field) == (partnership, "challenge"):
                continue  # it is described on a page of its own
            page = cast.client("fons").post(path, data={**given, **part})
            assert page.status_code == 422, part
            assert f'id="f-{field}-error"' in page.text, part


def test_people_outside_the_programme_cannot_be_added_by_id(cast: Any, app: Any, given: dict[str, Any]) -> None:
    with app.app_context(), transaction():
        stranger = Person(mail="vreemd@proef.example", name="Vera Vreemd", state="active")
        db.session.add(stranger)
        db.session.flush()
        id = stranger.id
    page = cast.client("fons").post("/programmes/proef/partnerships", data={**given, "people": [id]})
    assert page.status_code == 422
    assert "Vera Vreemd" not in page.text


def test_is_journalled(cast: Any, journal_entries: Any, partnership: str) -> None:
    cast.client("fons").post(partnership, data={"challenge": "Verder."})
    id = int(partnership.rpartition("/")[2])
    assert journal_entries("partnerships.add")[-1].details == {"partnership": id}
    assert (journal_entries("partnerships.edit")[-1].object_id, journal_entries("partnerships.edit")[-1].person_id) == (
        id,
        cast.fons,
    )
