"""Organisations are seen, chosen and edited in the programmes in which they take part, and nowhere else."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from cop.base.action import transaction
from cop.base.db import db
from cop.members import actions as members
from cop.society.memberships import Membership, TeamMember
from cop.society.organisations import Organisation
from cop.society.people import Person
from cop.society.programmes import Community, PartnerOrganisation, Partnership, Programme


@pytest.fixture
def elsewhere(cast: Any, app: Any) -> SimpleNamespace:
    """Return another programme with its coach and organisations: of a member, of a partnership, and of one invited."""
    with app.app_context(), transaction():
        programme = Programme(slug="mix", name="Magic Mix")
        db.session.add(programme)
        db.session.flush()
        community = Community(programme_id=programme.id, slug="mixkring", name="Mixkring")
        partnership = Partnership(programme_id=programme.id, name="Mix")
        names = ("Van een deelnemer", "Van een samenwerking", "Van een genodigde")
        organisations = [Organisation(kind="landlord", name=name) for name in names]
        db.session.add_all([community, partnership, *organisations])
        db.session.flush()
        member, partner, invited = (one.id for one in organisations)
        coach = Person(mail="coach@mix.example", name="Coach Mix", state="active")
        other = Person(mail="lid@mix.example", name="Lid Mix", state="active", organisation_id=member)
        db.session.add_all([coach, other])
        db.session.flush()
        db.session.add(TeamMember(programme_id=programme.id, person_id=coach.id))
        db.session.add(Membership(person_id=other.id, community_id=community.id, role="member"))
        db.session.add(PartnerOrganisation(partnership_id=partnership.id, organisation_id=partner))
        db.session.flush()
        organisations[2].added_by_id = coach.id  # only somebody who has not entered works for it
        members.invite(coach, community, mail="nieuw@mix.example", organisation=invited)
        return SimpleNamespace(coach=coach.id, member=member, ids=[member, partner, invited], names=names)


def test_nobody_of_another_programme_sees_them(cast: Any, elsewhere: SimpleNamespace) -> None:
    for who in ("anna", "eva", "fons", "hans"):
        for id in elsewhere.ids:
            assert cast.client(who).get(f"/organisations/{id}").status_code == 404
            answer = cast.client(None).get(f"/api/v1/organisations/{id}", headers=cast.api(who))
            assert answer.status_code == 404
    assert {cast.client("iris").get(f"/organisations/{id}").status_code for id in elsewhere.ids} == {200}


@pytest.mark.parametrize(
    "path", ["/organisations", "/programmes/proef/partnerships/new", "/communities/een/members", "/settings"]
)
def test_pick_lists_leave_them_out(cast: Any, elsewhere: SimpleNamespace, path: str) -> None:
    page = cast.client("fons").get(path).text
    assert "Woonstichting Proef" in page
    assert not [name for name in elsewhere.names if name in page]


def test_a_coach_of_another_programme_cannot_edit_them(cast: Any, elsewhere: SimpleNamespace) -> None:
    path = f"/organisations/{elsewhere.member}"
    assert cast.client("fons").post(path, data={"about": "Overgenomen"}).status_code == 404
    assert cast.client("fons").post(f"{path}/delete").status_code == 404
    assert cast.client("fons").post(f"{path}/merging", data={"into": cast.organisations[0]}).status_code == 404
    own = cast.client("fons").post(f"/organisations/{cast.organisations[0]}/merging", data={"into": elsewhere.member})
    assert own.status_code == 422


def test_ids_of_others_are_refused_like_unknown_ones(cast: Any, elsewhere: SimpleNamespace) -> None:
    town = cast.organisations[1]
    for id in (elsewhere.member, 999999):
        answer = cast.client(None).patch("/api/v1/settings", headers=cast.api("anna"), json={"organisation": id})
        assert answer.json["errors"] == {"organisation": "Kies een organisatie uit de lijst."}
        given = {"name": "Duo", "organisations": [town, id]}
        answer = cast.client(None).post("/api/v1/programmes/proef/partnerships", headers=cast.api("fons"), json=given)
        assert answer.json["errors"] == {"organisations": "Kies organisaties uit de lijst."}


def test_a_name_in_use_elsewhere_is_not_betrayed(cast: Any, elsewhere: SimpleNamespace) -> None:
    given = {"name": elsewhere.names[0], "kind": "landlord"}
    answer = cast.client(None).post("/api/v1/organisations", headers=cast.api("fons"), json=given)
    assert answer.status_code == 201
    again = cast.client(None).post("/api/v1/organisations", headers=cast.api("fons"), json=given)
    assert list(again.json["errors"]) == ["name"]  # this one she sees
    whole = cast.client(None).post("/api/v1/organisations", headers=cast.api("iris"), json=given)
    assert list(whole.json["errors"]) == ["name"]


def test_what_an_administrator_prepares_is_seen_by_teams_until_it_takes_part(
    cast: Any, app: Any, elsewhere: SimpleNamespace
) -> None:
    given = {"name": "Gemeente Nieuw", "kind": "municipality"}
    made = cast.client(None).post("/api/v1/organisations", headers=cast.api("iris"), json=given).json
    assert cast.client("fons").get(made["url"]).status_code == 200
    assert cast.client("anna").get(made["url"]).status_code == 404
    with app.app_context(), transaction():
        db.session.get_one(Person, elsewhere.coach).organisation_id = made["id"]
    assert cast.client("fons").get(made["url"]).status_code == 404


def test_an_organisation_of_two_programmes_is_not_merged_by_one(
    cast: Any, app: Any, elsewhere: SimpleNamespace
) -> None:
    home = cast.organisations[0]
    with app.app_context(), transaction():
        db.session.get_one(Person, elsewhere.coach).organisation_id = home
    assert cast.client("fons").post(f"/organisations/{home}", data={"region": "Oost"}).status_code == 303
    for path in ("delete", "merging"):
        answer = cast.client("fons").post(f"/organisations/{home}/{path}", data={"into": cast.organisations[1]})
        assert answer.status_code == 403
    assert "Samenvoegen" not in cast.client("fons").get(f"/organisations/{home}").text
