"""programmes.edit: description, phase and dates of a programme."""

from __future__ import annotations

from typing import Any

import pytest

PATH = "/programmes/proef"


def test_works(cast: Any) -> None:
    answer = cast.client("fons").post(
        PATH,
        data={
            "name": "Weer thuis",
            "about": "Een zin.\r\n\r\nNog **een** zin.",
            "phase": "harvest",
            "starts_start": "2017-01-01",
            "ends_start": "2017-03-31",
            "starts_harvest": "2018-01-01",
            "ends_harvest": "2018-03-31",
            "starts_closing": "",
            "ends_closing": "",
        },
    )
    assert (answer.status_code, answer.location) == (303, f"{PATH}/edit")
    page = cast.client("anna").get(PATH).text
    assert "Weer thuis" in page
    assert "Nog <strong>een</strong> zin." in page
    assert '<li aria-current="step"><b>Oogst</b>' in page
    assert "1 jan 2017 – 31 mrt 2017" in page
    again = cast.client("fons").get(f"{PATH}/edit").text
    assert 'name="starts_harvest" value="01-01-2018"' in again
    assert "Nog **een** zin." in again


def test_dates_can_be_cleared(cast: Any) -> None:
    days = {"starts_start": "2017-01-01", "ends_start": "2017-03-31"}
    cast.client("fons").post(PATH, data={"name": "Weer thuis", **days})
    assert "1 jan 2017" in cast.client("anna").get(PATH).text
    cast.client("fons").post(PATH, data={"name": "Weer thuis", "starts_start": "", "ends_start": ""})
    assert "1 jan 2017" not in cast.client("anna").get(PATH).text


def test_works_by_api_and_changes_given_fields_only(cast: Any) -> None:
    phases = [{"kind": "start", "starts": "2017-01-01", "ends": "2017-03-31"}]
    answer = cast.client(None).patch(
        f"/api/v1{PATH}", headers=cast.api("iris"), json={"phase": "closing", "phases": phases}
    )
    assert answer.status_code == 200
    assert (answer.json["name"], answer.json["phase"]) == ("Proefprogramma", "closing")
    assert "1 jan 2017 – 31 mrt 2017" in cast.client("anna").get(PATH).text


def test_stranger_gets_404(cast: Any) -> None:
    assert cast.client("hans").post(PATH, data={"name": "x"}).status_code == 404


def test_wrong_role_gets_403(cast: Any) -> None:
    for who in ("anna", "eva", "gerda"):
        assert cast.client(who).post(PATH, data={"name": "x"}).status_code == 403, who
        assert cast.client(who).get(f"{PATH}/edit").status_code == 403, who


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"name": " "}, "name"),
        ({"phase": "klaar"}, "phase"),
        ({"phases": [{"kind": "start", "starts": "2017-03-31", "ends": "2017-01-01"}]}, "phases"),
        ({"phases": [{"kind": "start", "starts": "gisteren", "ends": "2017-01-01"}]}, "phases"),
        ({"phases": [{"kind": "start", "starts": "2017-01-01", "ends": "2017-01-02"}] * 2}, "phases"),
    ],
)
def test_bad_input_names_the_field(cast: Any, given: dict[str, Any], field: str) -> None:
    answer = cast.client(None).patch(f"/api/v1{PATH}", headers=cast.api("fons"), json=given)
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [field]


def test_bad_input_names_the_field_for_dates(cast: Any) -> None:
    page = cast.client("fons").post(PATH, data={"name": "Weer thuis", "starts_start": "2017-03-31", "ends_start": ""})
    assert page.status_code == 422
    assert 'id="f-phases-error"' in page.text
    assert 'name="starts_start" value="2017-03-31"' in page.text


def test_is_journalled(cast: Any, journal_entries: Any) -> None:
    cast.client("fons").post(PATH, data={"name": "Weer thuis"})
    entry = journal_entries("programmes.edit")[-1]
    assert (entry.person_id, entry.object_id) == (cast.fons, cast.programme)


def test_members_see_their_own_communities(cast: Any) -> None:
    """Members see only their own communities of a programme."""
    page = cast.client("chris").get(PATH).text
    assert "Tweede kring" in page
    assert "Eerste kring" not in page
    assert "Fons Feit" in page
    assert "Meelezen als beheerder" not in page
    assert f"{PATH}/edit" not in page
