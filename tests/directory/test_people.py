"""directory.people and directory.matches: who takes part, what they show of themselves, and who works on the same."""

from __future__ import annotations

from typing import Any

import pytest

from cop.base import clock
from cop.base.action import transaction
from cop.base.db import db
from cop.society.memberships import Membership
from cop.society.people import Person
from cop.society.programmes import Community, PartnerPerson, Programme

pytestmark = pytest.mark.usefixtures("here")


def names(rows: list[dict[str, Any]]) -> list[str]:
    return [row["name"].split()[0] for row in rows]


def test_lists_the_people_of_the_programme_by_surname(listed: Any) -> None:
    assert names(listed("anna")) == ["Anna", "Bram", "Chris", "Dina", "Eva", "Fons", "Gerda", "Jan"]


def test_people_of_another_programme_do_not_exist(app: Any, cast: Any, listed: Any) -> None:
    with app.app_context(), transaction():
        other = Programme(slug="ander", name="Ander programma")
        db.session.add(other)
        db.session.flush()
        db.session.add(community := Community(programme_id=other.id, slug="elders", name="Elders"))
        stranger = Person(mail="els@elders.example", name="Els Elders", state="active", entered=clock.now())
        db.session.add(stranger)
        db.session.flush()
        db.session.add(Membership(person_id=stranger.id, community_id=community.id, role="member"))
        db.session.add(Membership(person_id=cast.anna, community_id=community.id, role="member"))
    assert "Els" not in names(listed("anna"))
    assert names(listed("anna", q="Elders")) == []
    page = cast.client("anna").get("/programmes/proef/directory").text
    assert "Els Elders" not in page
    assert cast.client("bram").get("/programmes/ander/directory").status_code == 404


def test_somebody_of_a_partnership_alone_sees_its_people_and_the_team(
    app: Any, cast: Any, here: Any, listed: Any
) -> None:
    with app.app_context(), transaction():
        partner = db.session.get_one(Person, cast.hans)  # who left the community
        db.session.add(PartnerPerson(partnership_id=here.duo, person_id=partner.id))
    assert names(listed("hans")) == ["Anna", "Bram", "Fons", "Hans"]
    assert [row["name"] for row in listed("hans", "/partnerships")] == ["Duo Proefdam"]
    assert listed("hans", "/experts", q="Dina") == []


def test_what_somebody_of_a_partnership_sees_is_not_shared_with_others(
    app: Any, cast: Any, here: Any, listed: Any
) -> None:
    with app.app_context(), transaction():
        db.session.add(PartnerPerson(partnership_id=here.duo, person_id=cast.hans))
    everybody = listed("anna")
    own = listed("hans")
    assert len(own) < len(everybody)
    assert listed("anna") == everybody
    assert listed("hans") == own


def test_somebody_who_has_not_entered_or_left_is_not_listed(app: Any, cast: Any, listed: Any) -> None:
    with app.app_context(), transaction():
        db.session.get_one(Person, cast.bram).entered = None
    assert {"Bram", "Hans", "Kees"} & set(names(listed("anna"))) == set()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"theme": "nazorg"}, ["Anna", "Bram", "Chris"]),
        ({"province": "zh"}, ["Bram", "Chris", "Gerda"]),
        ({"province": "gr"}, ["Anna", "Jan"]),
        ({"province": "none"}, ["Dina", "Eva", "Fons"]),
        ({"kind": "knowledge"}, ["Dina", "Eva", "Fons"]),
        ({"q": "proefdam gerda"}, ["Gerda"]),
        ({"theme": "overlast", "province": "zh"}, ["Chris"]),
    ],
)
def test_is_narrowed_by(asked: dict[str, str], found: list[str], listed: Any) -> None:
    assert names(listed("anna", **asked)) == found


def test_pages_follow_each_other(cast: Any) -> None:
    client, seen, path = cast.client(None), [], "/api/v1/programmes/proef/directory?limit=3&kind="
    while path:
        answer = client.get(path, headers=cast.api("anna")).json
        assert len(answer["items"]) <= 3
        seen += names(answer["items"])
        path = answer["next"]
    assert seen == ["Anna", "Bram", "Chris", "Dina", "Eva", "Fons", "Gerda", "Jan"]


def test_contact_is_shown_by_own_choice(app: Any, cast: Any, listed: Any) -> None:
    shown = {row["name"].split()[0]: (row["mail"], row["phone"]) for row in listed("anna")}
    assert shown["Dina"] == ("dina@proef.example", None)
    assert shown["Bram"] == (None, "0600 000 000")
    assert shown["Chris"] == (None, None)
    client = cast.client("dina")
    client.post("/settings", data={"name": "Dina Deskundig", "mail_shown": "0"})
    assert {row["mail"] for row in listed("anna")} == {None}
    assert "dina@proef.example" not in cast.client("anna").get("/programmes/proef/directory").text


def test_role_is_shown_to_those_who_share_the_community(listed: Any) -> None:
    def roles(who: str) -> dict[str, str]:
        return {row["name"].split()[0]: row["role"] for row in listed(who) if row["role"]}

    assert roles("anna") == {"Dina": "expert", "Eva": "moderator", "Fons": "team"}
    assert roles("chris") == {"Fons": "team", "Jan": "moderator"}


@pytest.mark.parametrize("asked", ["province=xx", "kind=club", "limit=0", "limit=101", "after=x"])
def test_bad_input_names_the_field(asked: str, cast: Any) -> None:
    answer = cast.client(None).get(f"/api/v1/programmes/proef/directory?{asked}", headers=cast.api("anna"))
    assert (answer.status_code, list(answer.json["errors"])) == (422, [asked.partition("=")[0]])


def test_matches_name_a_theme_of_mine_in_another_province(listed: Any) -> None:
    # Bram names one too, and is in Anna's own partnership.
    assert [(row["name"], row["shared"]) for row in listed("anna", "/matches")] == [
        ("Chris Ceder", ["Overlast", "NAZORG"])
    ]
    assert names(listed("chris", "/matches")) == ["Anna"]  # Bram is in the same province
    assert listed("dina", "/matches") == []


def test_pages_say_what_is_empty(cast: Any) -> None:
    dina, path = cast.client("dina"), "/programmes/proef/directory"
    assert "Zet eerst uw thema’s in uw profiel" in dina.get(f"{path}/matches").text
    for part in ("", "/experts", "/organisations", "/partnerships"):
        assert "Toon alles" in dina.get(f"{path}{part}?q=bestaatniet").text


def test_cost_does_not_grow_with_the_page(cast: Any, count_statements: Any) -> None:
    client = cast.client("anna")
    for part, most in (("", 8), ("/experts", 10), ("/organisations", 8), ("/partnerships", 8), ("/matches", 9)):
        path = f"/programmes/proef/directory{part}"
        client.get(path)
        with count_statements() as statements:
            client.get(path)
        assert len(statements) <= most, (part, statements)
