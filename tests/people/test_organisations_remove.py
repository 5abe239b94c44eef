"""organisations.remove and organisations.merge: only what nothing uses goes; what was recorded twice becomes one."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from cop.base import text
from cop.base.action import transaction
from cop.base.db import Base, db
from cop.members import actions as members
from cop.partnerships import actions as partnerships
from cop.people.actions.organisations import references
from cop.society.organisations import Organisation
from cop.society.people import Affiliation, Person
from cop.society.programmes import Community, PartnerOrganisation, Programme
from cop.things import Thing
from cop.threads import actions as threads


@pytest.fixture
def twice(cast: Any) -> int:
    """Return an organisation that the team recorded a second time."""
    given = {"name": "Woonstichting Prooef", "kind": "housing", "region": "Oost"}
    made = cast.client(None).post("/api/v1/organisations", headers=cast.api("fons"), json=given)
    return int(made.json["id"])


@pytest.fixture
def used(cast: Any, app: Any, twice: int) -> int:
    """Return that organisation with people, a partnership beside its double, and a contribution."""
    home, town, _know = cast.organisations
    with app.app_context(), transaction():
        fons, anna, bram = (db.session.get_one(Person, id) for id in (cast.fons, cast.anna, cast.bram))
        programme = db.session.get_one(Programme, cast.programme)
        anna.organisation_id = twice  # who works for both
        db.session.add(Affiliation(person_id=anna.id, organisation_id=twice, main=True))
        db.session.get_one(Affiliation, (anna.id, home)).main = False
        bram.organisation_id = twice
        db.session.add(Affiliation(person_id=bram.id, organisation_id=twice))
        db.session.flush()
        for both in ([town, twice], [town, twice, home]):
            partnerships.add(fons, programme, name="Proefdam", organisations=both)
        threads.start(anna, db.session.get_one(Community, cast.one), title="Dag", text=text.render("Dag", "plain"))
        members.invite(
            fons, db.session.get_one(Community, cast.one), mail="n@proef.example", name="N", organisation=twice
        )
    return twice


def test_works_for_remove(cast: Any, twice: int) -> None:
    page = cast.client("fons").get(f"/organisations/{twice}/removal").text
    assert "Woonstichting Prooef verwijderen?" in page
    answer = cast.client("fons").post(f"/organisations/{twice}/delete", follow_redirects=True)
    assert "Woonstichting Prooef is verwijderd." in answer.text
    assert 'action="/organisations"' in answer.text
    assert "Ongedaan maken" in answer.text
    assert cast.client("fons").get(f"/organisations/{twice}").status_code == 404


def test_works_by_api_for_remove(cast: Any, twice: int) -> None:
    path = f"/api/v1/organisations/{twice}"
    assert cast.client(None).delete(path, headers=cast.api("fons")).status_code == 204
    assert cast.client(None).get(path, headers=cast.api("iris")).status_code == 404


def test_what_is_used_says_what_depends_on_it(cast: Any, used: int) -> None:
    words = ("2 deelnemers", "1 uitgenodigde", "2 samenwerkingen", "1 bijdrage")
    page = cast.client("fons").get(f"/organisations/{used}/removal").text
    answer = cast.client(None).delete(f"/api/v1/organisations/{used}", headers=cast.api("fons"))
    assert answer.status_code == 409
    for said in words:
        assert said in page
        assert said in answer.text
    assert cast.client("fons").get(f"/organisations/{used}").status_code == 200


def test_works_for_merge(cast: Any, app: Any, used: int) -> None:
    home = cast.organisations[0]
    preview = cast.client("fons").get(f"/organisations/{used}/merging?into={home}").text
    for words in (
        "Anna Adem, Bram Baan",
        "2 deelnemers gaan mee",
        "1 uitgenodigde gaat mee",
        "2 samenwerkingen gaan mee",
    ):
        assert words in preview
    answer = cast.client("fons").post(f"/organisations/{used}/merging", data={"into": home}, follow_redirects=True)
    assert "Woonstichting Prooef is samengevoegd met Woonstichting Proef." in answer.text
    with app.app_context():
        assert db.session.get(Organisation, used) is None
        assert db.session.get_one(Person, cast.bram).organisation_id == home
        assert db.session.get_one(Affiliation, (cast.anna, home)).main
        works = db.session.scalars(select(Affiliation.organisation_id).where(Affiliation.person_id == cast.anna))
        assert list(works) == [home]
        taking_part = db.session.scalars(
            select(PartnerOrganisation.organisation_id).order_by(PartnerOrganisation.partnership_id)
        )
        assert sorted(taking_part) == sorted([cast.organisations[1], home] * 2)
        assert set(db.session.scalars(select(Thing.organisation_id).where(Thing.author_id == cast.anna))) == {home}
    assert "Woonstichting Prooef" not in cast.client("bram").get("/communities/een/threads").text


def test_works_by_api_for_merge(cast: Any, used: int) -> None:
    answer = cast.client(None).post(
        f"/api/v1/organisations/{used}/merging", headers=cast.api("iris"), json={"into": cast.organisations[0]}
    )
    assert (answer.status_code, answer.json["name"]) == (200, "Woonstichting Proef")


@pytest.mark.usefixtures("all_features")
def test_every_reference_to_an_organisation_is_moved() -> None:
    """Tables in which both may stand beside each other are moved by functions of their own."""
    keys = {
        key.parent
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name == "organisation"
    }
    assert {column.table.name for column in keys - set(references())} == {"affiliation", "partner_organisation"}
    assert {str(column) for column in references()} == {
        "meeting.host_id",
        "person.organisation_id",
        "thing.organisation_id",
        "thing_use.organisation_id",
    }


def test_stranger_gets_404(cast: Any, twice: int) -> None:
    assert cast.client("hans").post(f"/organisations/{twice}/delete").status_code == 404
    assert cast.client("hans").post(f"/organisations/{twice}/merging", data={"into": 1}).status_code == 404
    assert cast.client("fons").post("/organisations/999/delete").status_code == 404


def test_wrong_role_gets_403(cast: Any, twice: int) -> None:
    for who in ("anna", "eva", "gerda"):
        for path in ("delete", "merging"):
            assert cast.client(who).post(f"/organisations/{twice}/{path}", data={"into": 1}).status_code == 403, who
        assert cast.client(who).get(f"/organisations/{twice}/removal").status_code == 403
        assert cast.client(who).get(f"/organisations/{twice}/merging").status_code == 403


def test_bad_input_names_the_field_for_merge(cast: Any, twice: int) -> None:
    path = f"/organisations/{twice}/merging"
    for into in (twice, 999, "x", ""):
        answer = cast.client(None).post(f"/api/v1{path}", headers=cast.api("fons"), json={"into": into})
        assert (answer.status_code, list(answer.json["errors"])) == (422, ["into"]), into
        page = cast.client("fons").post(path, data={"into": into})
        assert page.status_code == 422
        assert 'id="f-into-error"' in page.text


def test_is_journalled(cast: Any, journal_entries: Any, used: int) -> None:
    cast.client("fons").post(f"/organisations/{used}/merging", data={"into": cast.organisations[0]})
    entry = journal_entries("organisations.merge")[-1]
    assert (entry.person_id, entry.object_id) == (cast.fons, used)
    assert entry.details == {"into": cast.organisations[0], "people": 3, "partnerships": 2, "contributions": 1}


def test_is_journalled_for_remove(cast: Any, journal_entries: Any, twice: int) -> None:
    cast.client("fons").post(f"/organisations/{twice}/delete")
    assert journal_entries("organisations.remove")[-1].object_id == twice
