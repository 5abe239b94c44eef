"""The audiences of communities, programmes and partnerships: who sees what stands for them, and as what."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from cop import access
from cop.base.action import transaction
from cop.base.db import db
from cop.partnerships import actions as partnerships
from cop.programmes import actions as programmes
from cop.society.audience import Audience
from cop.society.memberships import audience_size, enrol
from cop.society.people import Person
from cop.society.programmes import Community, Partnership, Programme
from cop.things import Thing

EVERYBODY = ("anna", "bram", "chris", "dina", "eva", "fons", "gerda", "hans", "iris", "jan", "kees")

COMMUNITY = {"anna", "bram", "dina", "eva", "fons", "gerda"}
PROGRAMME = COMMUNITY | {"chris", "jan"}
PARTNERSHIP = {"anna", "bram", "fons", "hans"}


def test_each_has_an_audience_from_its_first_moment(cast: Any, app: Any, partnership: Any) -> None:
    with app.app_context(), transaction():
        programme = programmes.add_programme(access.SYSTEM, None, name="Nieuw", slug="nieuw")
        community = programmes.add_community(access.SYSTEM, programme, name="Kring", slug="kring")
        assert isinstance(programme.audience_id, int)
        assert isinstance(community.audience_id, int)
    with app.app_context():
        for kind in (Community, Programme, Partnership):
            for row in db.session.scalars(select(kind)):
                own = db.session.get_one(Audience, row.audience_id)
                assert (own.kind, getattr(own, f"{own.kind}_id")) == (kind.__tablename__, row.id)


@pytest.mark.parametrize("owner", [{}, {"community_id": 1, "programme_id": 1}, {"programme_id": 1}])
def test_an_audience_is_of_one_owner(cast: Any, app: Any, owner: dict[str, int]) -> None:
    with app.app_context(), pytest.raises(IntegrityError):
        db.session.execute(insert(Audience).values(kind="community", **owner))


def test_a_community_is_seen_by_its_people_and_the_team(cast: Any, stand: Any, sees: Any) -> None:
    thread = stand(cast.audiences.one)
    assert {who for who in EVERYBODY if sees(who, thread)} == COMMUNITY


def test_a_programme_is_seen_by_all_its_communities_and_the_team(cast: Any, stand: Any, sees: Any) -> None:
    thread = stand(cast.audiences.programme)
    assert {who for who in EVERYBODY if sees(who, thread)} == PROGRAMME


def test_a_partnership_is_seen_by_its_people_and_the_team(cast: Any, partnership: Any, stand: Any, sees: Any) -> None:
    thread = stand(partnership.audience)
    assert {who for who in EVERYBODY if sees(who, thread)} == PARTNERSHIP


def test_roles_in_a_programme_are_the_highest_in_its_communities(cast: Any, app: Any) -> None:
    roles = {"anna": "member", "dina": "expert", "eva": "moderator", "fons": "team", "gerda": "reader", "hans": None}
    with app.app_context():
        for who, role in roles.items():
            mine = access.rights(db.session.get_one(Person, getattr(cast, who)))
            assert mine.role(cast.audiences.programme) == role, who
            assert mine.curates(cast.audiences.programme) == (role in ("moderator", "team"))
            assert mine.plans(cast.audiences.programme) == (role == "team")
            assert mine.plans(cast.audiences.one) == (role in ("moderator", "team"))


def test_moderators_find_back_what_they_hid_for_a_whole_programme(cast: Any, stand: Any) -> None:
    thread = stand(cast.audiences.programme)
    reason = {"reason": "Dubbel"}
    assert (
        cast.client(None).put(f"/api/v1/threads/{thread}/hiding", headers=cast.api("eva"), json=reason).status_code
        == 200
    )
    assert cast.client(None).get(f"/api/v1/threads/{thread}", headers=cast.api("anna")).status_code == 404
    assert cast.client(None).get(f"/api/v1/threads/{thread}", headers=cast.api("eva")).status_code == 200
    assert cast.client(None).delete(f"/api/v1/threads/{thread}/hiding", headers=cast.api("eva")).status_code == 200


def test_a_second_community_raises_the_role_in_the_programme(cast: Any, app: Any) -> None:
    with app.app_context(), transaction():
        gerda = db.session.get_one(Person, cast.gerda)
        enrol(gerda, db.session.get_one(Community, cast.two), "moderator")
        db.session.flush()
        mine = access.rights(gerda)
        assert mine.role(cast.audiences.one) == "reader"
        assert mine.role(cast.audiences.two) == mine.role(cast.audiences.programme) == "moderator"


def test_who_may_write_in_a_programme(cast: Any, stand: Any) -> None:
    thread = stand(cast.audiences.programme)
    path = f"/api/v1/threads/{thread}/posts"
    codes = {"anna": 201, "chris": 201, "fons": 201, "gerda": 403, "hans": 404}
    for who, code in codes.items():
        answer = cast.client(None).post(path, headers=cast.api(who), json={"body": "Ja", "format": "plain"})
        assert answer.status_code == code, (who, answer.text)
    closing = {"jan": 200, "fons": 200, "anna": 403}
    for who, code in closing.items():
        answer = cast.client(None).put(f"/api/v1/threads/{thread}/closure", headers=cast.api(who))
        assert answer.status_code == code, who


def test_json_names_the_community_or_none(cast: Any, stand: Any, partnership: Any) -> None:
    for audience, community in (
        (cast.audiences.one, cast.one),
        (cast.audiences.programme, None),
        (partnership.audience, None),
    ):
        thread = stand(audience)
        answer = cast.client(None).get(f"/api/v1/threads/{thread}", headers=cast.api("anna"))
        assert answer.json["community"] == community


def test_pages_name_the_programme_and_the_partnership(cast: Any, stand: Any, partnership: Any) -> None:
    page = cast.client("anna").get(f"/threads/{stand(cast.audiences.programme)}").text
    assert '<a href="/programmes/proef">Proefprogramma</a>' in page
    assert "Dit kunnen 8 deelnemers van 3 organisaties lezen" in page
    assert "/communities//" not in page
    page = cast.client("anna").get(f"/threads/{stand(partnership.audience)}").text
    assert f'<a href="/partnerships/{partnership.id}">Duo Proefdam</a>' in page
    home = cast.client("anna").get("/").text
    assert "Proefprogramma · " in home
    assert "Duo Proefdam · " in home


def test_audience_size_counts_people_and_organisations(cast: Any, app: Any, partnership: Any) -> None:
    with app.app_context():
        assert audience_size(cast.audiences.one) == (6, 3, 0)
        assert audience_size(cast.audiences.programme) == (8, 3, 0)
        assert audience_size(partnership.audience) == (4, 3, 0)


def test_a_team_without_a_community_leads_its_programme(cast: Any, app: Any) -> None:
    with app.app_context(), transaction():
        programme = programmes.add_programme(access.SYSTEM, None, name="Nieuw", slug="nieuw")
        programmes.team_add(access.SYSTEM, programme, member=cast.hans)
    assert cast.client("hans").get("/programmes/nieuw").status_code == 200
    assert cast.client("anna").get("/programmes/nieuw").status_code == 404
    answer = cast.client(None).post(
        "/api/v1/programmes/nieuw/communities", headers=cast.api("hans"), json={"name": "Kring", "slug": "kring"}
    )
    assert answer.status_code == 201, answer.text
    mine = cast.client(None).get("/api/v1/communities", headers=cast.api("hans")).json["items"]
    assert [(community["slug"], community["role"]) for community in mine] == [("kring", "team")]


def test_who_leaves_a_partnership_loses_it_at_once(
    cast: Any, app: Any, partnership: Any, stand: Any, connect: Any, sees: Any
) -> None:
    thread = stand(partnership.audience)
    assert sees("hans", thread)
    socket = connect("hans")
    assert socket.emit("join", {"place": f"thread:{thread}"}, callback=True)["ok"]
    with app.app_context(), transaction():
        fons = db.session.get_one(Person, cast.fons)
        duo = db.session.get_one(Partnership, partnership.id)
        partnerships.edit(fons, duo, people=[cast.anna, cast.bram, cast.kees])
    assert "gone" in [message["name"] for message in socket.get_received()]
    assert not sees("hans", thread)
    assert sees("anna", thread)


def test_moving_a_thread_gives_it_the_community_of_its_audience(cast: Any, app: Any, stand: Any) -> None:
    thread = stand(cast.audiences.one)
    with app.app_context(), transaction():
        thing = db.session.get_one(Thing, thread)
        assert (thing.community_id, thing.community.id) == (cast.one, cast.one)
        thing.audience_id = cast.audiences.two
        db.session.flush()
        assert (thing.community_id, thing.community.id) == (cast.two, cast.two)


def test_invited_people_are_counted_apart(cast: Any, app: Any) -> None:
    cast.client("eva").post("/communities/een/members", data={"mail": "nieuw@proef.example"})
    with app.app_context():
        assert audience_size(cast.audiences.one) == (6, 3, 1)
    words = "1 is uitgenodigd en nog niet ingelogd"
    assert f"6 deelnemers van 3 organisaties; {words}" in cast.client("anna").get("/communities/een/members").text
    assert (
        f"6 deelnemers van 3 organisaties lezen; {words}"
        in cast.client("anna").get("/communities/een/threads/new").text
    )
