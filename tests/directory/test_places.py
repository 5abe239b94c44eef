"""directory.organisations, directory.partnerships and directory.experts: where they are, and who can be asked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cop.base import clock
from cop.base.action import transaction
from cop.base.db import db
from cop.society.people import Person
from cop.society.regions import Municipality
from cop.threads.models import Post

pytestmark = pytest.mark.usefixtures("here")
PAGE = "/programmes/proef/directory"


def test_organisations_have_the_province_of_their_municipality(listed: Any) -> None:
    rows = {
        row["name"]: (row["province"], row["people"], row["partnerships"]) for row in listed("anna", "/organisations")
    }
    assert rows == {
        "Gemeente Proefdam": ("zh", 3, 1),
        "Kennisinstituut Proef": ("", 3, 0),
        "Woonstichting Proef": ("gr", 2, 1),
    }
    assert [row["name"] for row in listed("anna", "/organisations", kind="housing")] == ["Woonstichting Proef"]
    assert [row["name"] for row in listed("anna", "/organisations", province="none")] == ["Kennisinstituut Proef"]
    assert len(listed("anna", "/organisations", theme="nazorg")) == 2


def test_a_merged_municipality_counts_where_its_successor_is(app: Any, listed: Any) -> None:
    yesterday = clock.today() - timedelta(days=1)
    with app.app_context(), transaction():
        db.session.add(Municipality(code="GM9902", name="Groot Proefdam", province="ut"))
        db.session.flush()
        merged = db.session.get_one(Municipality, "GM9901")
        merged.until, merged.successor_code = clock.today(), "GM9902"
    (town,) = listed("anna", "/organisations", kind="municipality")
    assert (town["province"], town["municipality"]) == ("zh", "Proefdam")  # until the end of the day
    with app.app_context(), transaction():
        db.session.get_one(Municipality, "GM9901").until = yesterday
    (town,) = listed("anna", "/organisations", kind="municipality")
    assert (town["province"], town["municipality"]) == ("ut", "Groot Proefdam")


def test_partnerships_are_counted_by_province(cast: Any, listed: Any) -> None:
    (duo,) = listed("anna", "/partnerships")
    assert duo["provinces"] == ["zh"]  # of the municipality, not of the housing corporation
    assert listed("anna", "/partnerships", province="zh") == [duo]
    assert listed("anna", "/partnerships", province="gr") == []
    page = cast.client("anna").get(f"{PAGE}/partnerships").text
    assert page.count('class="tile"') == 12
    assert page.count('<a class="tile" href="?province=') == 1
    assert "?province=zh" in page


def test_experts_are_those_with_a_role_a_theme_or_an_answer(listed: Any) -> None:
    rows = {row["name"].split()[0]: [one["title"] for one in row["answered"]] for row in listed("anna", "/experts")}
    assert rows == {"Anna": [], "Bram": [], "Chris": [], "Dina": ["Wie belt na?"]}
    assert [row["name"] for row in listed("anna", "/experts", role="expert")] == ["Dina Deskundig"]
    # Her answer stands in a community about this.
    assert [row["name"] for row in listed("anna", "/experts", theme="uitstroom")] == ["Dina Deskundig"]


def test_an_answer_in_another_community_does_not_exist(cast: Any, listed: Any) -> None:
    assert [row["name"] for row in listed("chris", "/experts")] == ["Anna Adem", "Bram Baan", "Chris Ceder"]
    assert "Wie belt na?" not in cast.client("chris").get(f"{PAGE}/experts").text
    assert listed("chris", "/experts", theme="uitstroom") == []


def test_a_hidden_question_or_retracted_answer_does_not_exist(app: Any, cast: Any, here: Any, listed: Any) -> None:
    with app.app_context(), transaction():
        from cop.threads import actions

        actions.POSTS.retract(db.session.get_one(Person, cast.dina), db.session.get_one(Post, here.answer))
    assert {one["title"] for row in listed("anna", "/experts") for one in row["answered"]} == set()


def test_a_stranger_gets_404(cast: Any) -> None:
    for part in ("", "/experts", "/organisations", "/partnerships", "/matches"):
        assert cast.client("hans").get(f"{PAGE}{part}").status_code == 404
        assert cast.client(None).get(f"{PAGE}{part}").status_code == 303
