"""The next meeting on home and on the page of a community, with the answer at hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cop.base import clock
from cop.meetings import actions
from cop.meetings.models import Meeting
from cop.partnerships import actions as partnerships
from cop.society.programmes import Programme

DAY = timedelta(days=1)
PAGES = ("/", "/communities/een")


def plan(cast: Any, title: str, days: int, who: str = "eva", owner: str = "communities/een") -> str:
    """Plan a meeting in some days; return its address in the API."""
    starts = clock.now() + days * DAY
    ends = starts + timedelta(hours=6)
    given = {"title": title, "kind": "thematic", "starts": starts.isoformat(), "ends": ends.isoformat()}
    made = cast.client(None).post(f"/api/v1/{owner}/meetings", headers=cast.api(who), json=given)
    assert made.status_code == 201, made.text
    return f"/api/v1{made.json['url']}"


@pytest.fixture
def announce(cast: Any) -> Any:
    """`announce('Eerste', 3)`: announce a meeting of the first community in three days; return its id."""

    def make(title: str, days: int, who: str = "eva", owner: str = "communities/een") -> int:
        api = plan(cast, title, days, who, owner)
        assert cast.client(None).put(f"{api}/announcement", headers=cast.api(who)).status_code == 200
        return int(api.rpartition("/")[2])

    return make


def test_without_a_meeting_there_is_no_section(cast: Any) -> None:
    plan(cast, "Een concept", 2)
    for who in ("anna", "eva"):
        for page in PAGES:
            assert "Volgende bijeenkomst" not in cast.client(who).get(page).text, (who, page)


def test_shows_the_next_one_and_takes_the_answer(cast: Any, announce: Any) -> None:
    announce("Later", 9)
    first = announce("Eerder", 3)
    announce("Van de tweede kring", 1, "jan", "communities/twee")
    for page in PAGES:
        shown = cast.client("anna").get(page).text
        section = shown.partition("Volgende bijeenkomst")[2].partition("</section>")[0]
        assert "Eerder" in section
        assert "Later" not in section
        assert "tweede kring" not in section
        assert f'action="/meetings/{first}/answer"' in section
    assert cast.client("anna").post(f"/meetings/{first}/answer", data={"answer": "yes"}).status_code == 303
    for page in PAGES:
        section = cast.client("anna").get(page).text.partition("Volgende bijeenkomst")[2].partition("</section>")[0]
        assert "U komt." in section
        assert "<form" not in section
        other = cast.client("bram").get(page).text.partition("Volgende bijeenkomst")[2].partition("</section>")[0]
        assert "U komt." not in other, "the answer of somebody else"
        assert "<form" in other


def test_a_move_asks_again_and_a_cancelled_one_vanishes(cast: Any, announce: Any, run_as: Any) -> None:
    id = announce("Eerder", 3)
    cast.client("anna").post(f"/meetings/{id}/answer", data={"answer": "yes"})
    starts = clock.now() + 5 * DAY
    run_as("eva", actions.move, Meeting, id, starts=starts, ends=starts + DAY)
    for page in PAGES:
        assert "Verplaatst sinds uw antwoord" in cast.client("anna").get(page).text
    run_as("eva", actions.cancel, Meeting, id, reason="Storm")
    for page in PAGES:
        assert "Volgende bijeenkomst" not in cast.client("anna").get(page).text


def test_a_community_shows_the_meeting_of_its_programme(cast: Any, announce: Any) -> None:
    announce("Van het hele programma", 2, "fons", "programmes/proef")
    assert "Van het hele programma" in cast.client("chris").get("/communities/twee").text
    assert "Van het hele programma" in cast.client("chris").get("/").text
    assert "Van het hele programma" not in cast.client("iris").get("/").text


@pytest.mark.parametrize("kind", ["partnership", "programme"])
def test_home_takes_the_answer_for_every_audience(kind: str, cast: Any, announce: Any, run_as: Any) -> None:
    given = {"name": "Duo", "organisations": cast.organisations[:2], "people": [cast.anna]}
    owner = "programmes/proef"
    if kind == "partnership":
        owner = f"partnerships/{run_as('fons', partnerships.add, Programme, cast.programme, **given)}"
    id = announce("Met elkaar", 2, "fons", owner)
    home = cast.client("anna").get("/").text.partition("Volgende bijeenkomst")[2].partition("</section>")[0]
    assert home.count(f'action="/meetings/{id}/answer"') == 1
    assert home.count('name="answer"') == 3
    assert 'href="/calendar"' in home
    assert cast.client("anna").post(f"/meetings/{id}/answer", data={"answer": "maybe"}).status_code == 303
    assert "U komt misschien." in cast.client("anna").get("/").text
    assert ("Met elkaar" in cast.client("bram").get("/").text) == (kind == "programme")
