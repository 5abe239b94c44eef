"""The timeline of a partnership: check-ins, versions, questions, and what its people shared, for whoever may see it."""

from __future__ import annotations

from typing import Any

from cop.base import text
from cop.base.action import transaction
from cop.base.db import db
from cop.partnerships import actions
from cop.society.people import Affiliation, Person
from cop.society.programmes import Community, Programme
from cop.threads import actions as threads


def start(app: Any, person: int, title: str, community: int) -> None:
    with app.app_context(), transaction():
        threads.start(
            db.session.get_one(Person, person),
            db.session.get_one(Community, community),
            kind="experience",
            title=title,
            text=text.render("Zo ging het.", "plain"),
        )


def test_it_shows_what_its_people_shared(cast: Any, app: Any, duo: Any) -> None:
    start(app, cast.anna, "Zes maanden gemengd wonen", cast.one)
    start(app, cast.dina, "Van een ander", cast.one)
    page = cast.client("bram").get(duo.url).text
    assert "Zes maanden gemengd wonen" in page
    assert "Van een ander" not in page
    assert "Zes maanden gemengd wonen" not in cast.client("chris").get(duo.url).text  # of the other community


def test_what_somebody_in_two_partnerships_shares_stands_with_the_organisation(
    cast: Any, app: Any, duo: Any, run_as: Any
) -> None:
    _home, _town, know = cast.organisations
    with app.app_context(), transaction():
        db.session.add(Affiliation(person_id=cast.bram, organisation_id=know, main=False))
        db.session.get_one(Programme, cast.programme).composition = "free"
    second = run_as(
        "fons", actions.add, Programme, cast.programme, name="Kennis", organisations=[know], people=[cast.bram]
    )
    start(app, cast.bram, "Namens de gemeente", cast.one)
    with app.app_context(), transaction():
        db.session.get_one(Person, cast.bram).organisation_id = know
    start(app, cast.bram, "Namens het instituut", cast.one)
    first, other = (cast.client("bram").get(url).text for url in (duo.url, f"/partnerships/{second}"))
    assert "Namens de gemeente" in first
    assert "Namens het instituut" not in first
    assert "Namens het instituut" in other
    assert "Namens de gemeente" not in other


def test_the_page_costs_as_much_with_a_year_of_check_ins(
    cast: Any, app: Any, duo: Any, month: int, count_statements: Any
) -> None:
    from datetime import date

    from cop.base import clock
    from cop.partnerships.models import ChallengeVersion, CheckIn

    def cost(who: str) -> int:
        cast.client(who).get(duo.url)
        with count_statements() as seen:
            assert cast.client(who).get(duo.url).status_code == 200
        return len(seen)

    before = {who: cost(who) for who in ("anna", "chris")}
    with app.app_context(), transaction():
        for number in range(1, 13):
            answered = {"answered_by_id": cast.bram, "answered": clock.now(), "state": "answered"}
            db.session.add(
                CheckIn(partnership_id=duo.id, month=date(2025, number, 1), standing=f"Maand {number}", **answered)
            )
            db.session.add(
                ChallengeVersion(partnership_id=duo.id, number=number, goal=str(number), person_id=cast.anna)
            )
    after = {who: cost(who) for who in ("anna", "chris")}
    assert all(after[who] <= before[who] + 2 for who in before), (before, after)
    assert max(after.values()) <= 24, after
