"""members.list and members.show."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from cop import access
from cop.base import clock
from cop.base.action import transaction
from cop.base.db import db
from cop.society.memberships import Membership, surname
from cop.society.people import Person


def rows(page: str) -> list[str]:
    """Return the names in the table of members, in its order."""
    return re.findall(r'<th scope="row">.*?<bdi>([^<]+)</bdi>', page, re.DOTALL)


def test_members_are_listed_by_organisation(cast: Any) -> None:
    page = cast.client("anna").get("/communities/een/members").text
    order = [page.index(words) for words in ("Gemeente Proefdam", "Kennisinstituut Proef", "Woonstichting Proef")]
    assert order == sorted(order)
    assert "Kennisorganisatie" in page
    assert page.index("Dina Deskundig") < page.index("Eva Even") < page.index("Fons Feit")
    for badge in ("Expert", "Moderator", "Programmateam", "Meelezer"):
        assert badge in page
    for gone in ("Hans Heen", "Kees Klaar", "Chris Ceder"):
        assert gone not in page


def test_works_by_api(cast: Any) -> None:
    answer = cast.client(None).get("/api/v1/communities/een/members", headers=cast.api("gerda")).json
    assert [(one["name"], one["role"]) for one in answer["items"]] == [
        ("Bram Baan", "member"),
        ("Gerda Gids", "reader"),
        ("Dina Deskundig", "expert"),
        ("Eva Even", "moderator"),
        ("Fons Feit", "team"),
        ("Anna Adem", "member"),
    ]


def test_team_member_with_membership_is_listed_once(cast: Any, app: Any) -> None:
    with app.app_context(), transaction():
        db.session.add(Membership(person_id=cast.fons, community_id=cast.one, role="member"))
    answer = cast.client(None).get("/api/v1/communities/een/members", headers=cast.api("anna")).json
    assert [one["role"] for one in answer["items"] if one["id"] == cast.fons] == ["team"]


def test_member_without_organisation(cast: Any, app: Any) -> None:
    with app.app_context(), transaction():
        db.session.get(Person, cast.anna).organisation_id = None
    assert "Zonder organisatie" in cast.client("bram").get("/communities/een/members").text


def test_stranger_gets_404(cast: Any) -> None:
    for who in ("chris", "hans", "jan", "iris"):
        assert cast.client(who).get("/communities/een/members").status_code == 404, who
        assert cast.client(who).get(f"/communities/een/members/{cast.anna}").status_code == 404, who


def test_controls_depend_on_the_role(cast: Any) -> None:
    path = f"/communities/een/members/{cast.anna}"
    assert path in cast.client("eva").get("/communities/een/members").text
    own = cast.client("anna").get("/communities/een/members").text
    assert path in own
    assert f"/communities/een/members/{cast.bram}" not in own
    page = cast.client("anna").get(path).text
    assert "Ik doe niet meer mee" in page
    assert 'name="role"' not in page
    assert 'name="role"' in cast.client("eva").get(path).text
    assert cast.client("bram").get(path).location == f"/people/{cast.anna}"


def test_statements_do_not_grow_with_the_members(cast: Any, app: Any, count_statements: Any) -> None:
    with count_statements() as few:
        cast.client("eva").get("/communities/een/members")
    with app.app_context(), transaction():
        for n in range(30):
            person = Person(
                mail=f"lid{n}@proef.example", name=f"Lid {n}", state="active", organisation_id=cast.organisations[n % 3]
            )
            db.session.add(person)
            db.session.flush()
            db.session.add(Membership(person_id=person.id, community_id=cast.one, role="member"))
    with count_statements() as many:
        cast.client("eva").get("/communities/een/members")
    assert len(many) == len(few) <= 13


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=baan", ["Bram Baan"]),
        ("q=gemeente+proefdam", ["Bram Baan", "Gerda Gids"]),
        ("q=niemand", []),
        ("role=expert", ["Dina Deskundig"]),
        ("role=team&kind=knowledge", ["Fons Feit"]),
        ("kind=housing", ["Anna Adem"]),
        (
            "sort=name",
            ["Anna Adem", "Bram Baan", "Dina Deskundig", "Eva Even", "Fons Feit", "Gerda Gids"],
        ),
        (
            "sort=role",
            ["Fons Feit", "Eva Even", "Dina Deskundig", "Bram Baan", "Anna Adem", "Gerda Gids"],
        ),
    ],
)
def test_members_are_searched_filtered_and_ordered(cast: Any, query: str, names: list[str]) -> None:
    assert rows(cast.client("anna").get(f"/communities/een/members?{query}").text) == names
    answer = cast.client(None).get(f"/api/v1/communities/een/members?{query}", headers=cast.api("anna")).json
    assert [one["name"] for one in answer["items"]] == names


def test_last_visit_is_shown_as_a_month(cast: Any, app: Any) -> None:
    with app.app_context(), transaction():
        db.session.get_one(Person, cast.bram).seen = date(2017, 11, 1)
    page = cast.client("anna").get("/communities/een/members").text
    assert "nov 2017" in page


def test_signing_in_sets_the_month_of_the_last_visit(cast: Any, app: Any) -> None:
    with app.app_context():
        from cop.people import actions

        with transaction():
            actions.sign_in(access.SYSTEM, db.session.get_one(Person, cast.bram), by="link")
        assert db.session.get_one(Person, cast.bram).seen == clock.today().replace(day=1)


def test_export_is_a_table_for_moderators(cast: Any, app: Any) -> None:
    with app.app_context(), transaction():
        bram = db.session.get_one(Person, cast.bram)
        bram.name, bram.mail_shown = "=HYPERLINK(1)", True
    answer = cast.client("eva").get("/communities/een/members.csv")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="deelnemers-een.csv"'
    lines = answer.data.decode("utf-8-sig").split("\r\n")
    assert lines[0].startswith("Naam;E-mail;Organisatie;Soort;")
    assert lines[1].startswith("'=HYPERLINK(1);bram@proef.example;Gemeente Proefdam;Gemeente;")
    assert "anna@proef.example" not in answer.text
    assert cast.client("anna").get("/communities/een/members.csv").status_code == 403
    assert cast.client("chris").get("/communities/een/members.csv").status_code == 404


def test_surname_is_sorted_without_tussenvoegsel() -> None:
    assert surname("Anna van den Berg") == "berg anna"
    assert surname("Dr. Elsa Hypothese") == "hypothese elsa"
    assert surname("Cher") == "cher"
    assert surname("") == ""


def test_list_is_paged(cast: Any) -> None:
    everybody = rows(cast.client("anna").get("/communities/een/members").text)
    first = cast.client("anna").get("/communities/een/members?limit=2&sort=name").text
    seen, onward = rows(first), re.search(r'rel="next" href="([^"]+)"', first)
    assert len(seen) == 2
    while onward:
        page = cast.client("anna").get(f"/communities/een/members{onward[1].replace('&amp;', '&')}&limit=2").text
        seen += rows(page)
        assert "Naar het begin" in page
        onward = re.search(r'rel="next" href="([^"]+)"', page)
    assert sorted(seen) == sorted(everybody)
    assert seen == sorted(seen, key=surname)
    api = cast.client(None).get("/api/v1/communities/een/members?limit=2", headers=cast.api("anna")).json
    assert len(api["items"]) == 2
    assert f"after={api['items'][-1]['id']}" in api["next"]


def test_change_shows_at_once(cast: Any, app: Any) -> None:
    assert "Bram Baan" in rows(cast.client("anna").get("/communities/een/members").text)
    with app.app_context(), transaction():
        db.session.get_one(Person, cast.bram).name = "Bram Anders"
    assert "Bram Anders" in rows(cast.client("anna").get("/communities/een/members").text)
    community = cast.client("anna").get("/communities/een").text
    with app.app_context(), transaction():
        db.session.get_one(Person, cast.bram).state = "deactivated"
    assert "Bram Anders" not in rows(cast.client("anna").get("/communities/een/members").text)
    count = int(re.search(r"(\d+) deelnemers", community)[1])
    assert f"{count - 1} deelnemers" in cast.client("anna").get("/communities/een").text
