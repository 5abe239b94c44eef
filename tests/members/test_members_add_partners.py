"""members.add_partners: people of the programme's partnerships are offered to a community made later."""

from __future__ import annotations

from typing import Any

import pytest

from cop.partnerships import actions as partnerships
from cop.society.programmes import Programme


@pytest.fixture
def partnership(cast: Any, run_as: Any) -> None:
    """Anna, of community one, and Chris, of community two, are partners."""
    run_as(
        "fons",
        partnerships.add,
        Programme,
        cast.programme,
        name="Duo Proefdam",
        organisations=cast.organisations[:2],
        people=[cast.anna, cast.chris],
    )


def add(cast: Any, who: str, *people: int) -> Any:
    return cast.client(who).post("/communities/een/members/partners", data={"people": list(people)})


def test_works(cast: Any, partnership: None, outbox: Any) -> None:
    page = cast.client("eva").get("/communities/een/members").text
    assert "1 partner doet nog niet mee in Eerste kring" in page
    assert f'name="people" value="{cast.chris}" id="partner-{cast.chris}" checked' in page
    assert add(cast, "eva", cast.chris).status_code == 303
    assert cast.client("chris").get("/communities/een").status_code == 200
    told, email = outbox("chris@proef.example")  # added to the partnership, and to the community
    assert told.subject == "U hoort bij de samenwerking ‘Duo Proefdam’"
    assert email.subject == "Uitnodiging voor ‘Eerste kring’"
    assert "nog niet mee in Eerste kring" not in cast.client("eva").get("/communities/een/members").text


def test_partner_who_left_is_offered_unticked(cast: Any, partnership: None) -> None:
    cast.client("anna").post(f"/communities/een/members/{cast.anna}/delete")
    page = cast.client("eva").get("/communities/een/members").text
    assert f'name="people" value="{cast.anna}" id="partner-{cast.anna}"><label' in page
    assert "deed eerder mee" in page


def test_works_by_api(cast: Any, partnership: None) -> None:
    answer = cast.client(None).post(
        "/api/v1/communities/een/members/partners", headers=cast.api("fons"), json={"people": [cast.chris]}
    )
    assert answer.status_code == 201
    assert [one["mail"] for one in answer.json["items"]] == ["chris@proef.example"]


def test_bad_input_names_the_field(cast: Any, partnership: None, app: Any) -> None:
    for people in ([], [cast.anna], [cast.hans], [999999]):
        answer = cast.client(None).post(
            "/api/v1/communities/een/members/partners", headers=cast.api("eva"), json={"people": people}
        )
        assert (answer.status_code, list(answer.json["errors"])) == (422, ["people"]), people
    assert add(cast, "eva", cast.hans).status_code == 422


def test_stranger_gets_404(cast: Any, partnership: None) -> None:
    for who in ("chris", "hans", "jan", "iris"):
        assert add(cast, who, cast.chris).status_code == 404, who


def test_wrong_role_gets_403(cast: Any, partnership: None) -> None:
    for who in ("anna", "dina", "gerda"):
        assert add(cast, who, cast.chris).status_code == 403, who
        assert "doet nog niet mee" not in cast.client(who).get("/communities/een/members").text


def test_is_journalled(cast: Any, partnership: None, journal_entries: Any) -> None:
    add(cast, "eva", cast.chris)
    assert journal_entries("members.add_partners")[-1].details == {"members": [cast.chris], "community": cast.one}
