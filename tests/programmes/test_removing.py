"""communities.remove, partnerships.remove and programmes.remove: only what is empty goes; the rest says what is in it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from cop.base import text
from cop.base.action import transaction
from cop.base.db import Base, db
from cop.chat import actions as chat
from cop.chat.models import Room, ensure_room
from cop.documents import actions as documents
from cop.notices.models import Notice
from cop.partnerships import actions as partnerships
from cop.programmes import actions as programmes
from cop.society.audience import Audience
from cop.society.memberships import TeamMember
from cop.society.people import Person
from cop.society.programmes import Community, Partnership, Programme
from cop.things import Thing
from cop.threads import actions as threads


@pytest.fixture
def made(cast: Any, app: Any) -> SimpleNamespace:
    """Return an empty community, a partnership, and an empty programme with its team."""
    with app.app_context(), transaction():
        fons, iris = db.session.get_one(Person, cast.fons), db.session.get_one(Person, cast.iris)
        programme = db.session.get_one(Programme, cast.programme)
        community = programmes.add_community(fons, programme, name="Lege kring", slug="leeg")
        home, town, _know = cast.organisations
        people = [cast.anna, cast.bram]
        duo = partnerships.add(fons, programme, name="Duo", organisations=[home, town], people=people)
        empty = programmes.add_programme(iris, None, name="Leeg programma", slug="leeg")
        programmes.team_add(iris, empty, member=fons.id)
        db.session.flush()
        return SimpleNamespace(community=community.id, partnership=duo.id, duo=duo.url, programme=empty.id)


PATHS = ("/communities/leeg", "/programmes/leeg")


def test_works_for_an_empty_community(cast: Any, app: Any, made: SimpleNamespace) -> None:
    assert "Lege kring verwijderen?" in cast.client("fons").get("/communities/leeg/removal").text
    answer = cast.client("fons").post("/communities/leeg/delete", follow_redirects=True)
    assert "De praktijkgemeenschap Lege kring is verwijderd." in answer.text
    assert cast.client("fons").get("/communities/leeg").status_code == 404
    with app.app_context():
        assert db.session.get(Community, made.community) is None
        assert len(db.session.scalars(select(Room)).all()) == 1  # that of the partnership


def test_works_for_a_partnership(cast: Any, app: Any, made: SimpleNamespace) -> None:
    page = cast.client("fons").get(f"{made.duo}/removal").text
    assert "Anna Adem, Bram Baan" in page
    answer = cast.client("fons").post(f"{made.duo}/delete", follow_redirects=True)
    assert "De samenwerking Duo is verwijderd." in answer.text
    with app.app_context():
        assert db.session.get(Partnership, made.partnership) is None
        assert db.session.scalars(select(Notice).where(Notice.reason == "partner")).all() == []
    assert cast.client("anna").get("/communities/een").status_code == 200


def test_works_for_an_empty_programme(cast: Any, app: Any, made: SimpleNamespace) -> None:
    assert "Fons Feit" in cast.client("fons").get("/programmes/leeg/removal").text
    answer = cast.client("fons").post("/programmes/leeg/delete", follow_redirects=True)
    assert "Het programma Leeg programma is verwijderd." in answer.text
    with app.app_context():
        assert db.session.get(Programme, made.programme) is None
        assert db.session.get(TeamMember, (made.programme, cast.fons)) is None
        owners = db.session.scalars(select(Audience.programme_id).where(Audience.programme_id.is_not(None)))
        assert list(owners) == [cast.programme]


def test_works_by_api(cast: Any, made: SimpleNamespace) -> None:
    for path in (*PATHS, made.duo):
        assert cast.client(None).delete(f"/api/v1{path}", headers=cast.api("iris")).status_code == 204, path
        assert cast.client(None).delete(f"/api/v1{path}", headers=cast.api("iris")).status_code == 404, path


def test_a_community_in_use_says_what_is_in_it(cast: Any, app: Any, run_as: Any) -> None:
    with app.app_context(), transaction():
        anna, one = db.session.get_one(Person, cast.anna), db.session.get_one(Community, cast.one)
        words = text.render("Dag", "plain")
        for title in ("Een", "Twee", "Drie"):
            threads.start(anna, one, title=title, text=words)
        chat.say(anna, ensure_room(one), text=words)
        documents.add_folder(anna, one, name="Verslagen")
    words_in = "3 gesprekken, 1 chatbericht, 1 map, 5 deelnemers"
    page = cast.client("fons").get("/communities/een/removal").text
    assert [said for said in words_in.split(", ") if said not in page] == []
    assert "Verwijderen</button>" not in page
    answer = cast.client(None).delete("/api/v1/communities/een", headers=cast.api("fons"))
    assert (answer.status_code, words_in in answer.json["detail"]) == (409, True)
    page = cast.client("fons").post("/communities/een/delete")
    assert (page.status_code, "3 gesprekken" in page.text) == (409, True)
    assert cast.client("anna").get("/communities/een").status_code == 200


def test_what_was_hidden_or_retracted_still_counts(cast: Any, app: Any, made: SimpleNamespace) -> None:
    with app.app_context(), transaction():
        fons = db.session.get_one(Person, cast.fons)
        thread = threads.start(
            fons, db.session.get_one(Community, made.community), title="Weg", text=text.render("Dag", "plain")
        )
        threads.retract_thread(fons, thread)
    assert cast.client("fons").post("/communities/leeg/delete").status_code == 409


def test_a_programme_and_a_partnership_in_use_say_so(cast: Any, app: Any, made: SimpleNamespace) -> None:
    answer = cast.client(None).delete("/api/v1/programmes/proef", headers=cast.api("fons"))
    assert answer.status_code == 409
    assert "3 praktijkgemeenschappen, 1 samenwerking" in answer.json["detail"]
    with app.app_context(), transaction():
        audience = db.session.get_one(Partnership, made.partnership).audience_id
        db.session.add(Thing(kind="thing", audience_id=audience, title="Iets"))
    answer = cast.client(None).delete(f"/api/v1{made.duo}", headers=cast.api("fons"))
    assert (answer.status_code, "1 andere bijdrage" in answer.json["detail"]) == (409, True)


def test_every_reference_to_an_owner_is_handled() -> None:
    """A new table that refers to communities, partnerships, programmes or audiences has to go, or to count, too."""
    owners = {"audience", "community", "partnership", "programme"}
    found = {
        (table.name, key.column.table.name)
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name in owners
    }
    assert found == {
        ("accepted_application", "partnership"),
        ("access_confirmation", "programme"),
        ("access_review", "programme"),
        ("audience_follow", "audience"),
        ("audience", "community"),
        ("audience", "partnership"),
        ("application_text", "partnership"),
        ("audience", "programme"),
        ("bulletin", "programme"),
        ("calendar_feed", "audience"),
        ("call", "programme"),
        ("coach_message", "programme"),
        ("desk_settings", "programme"),
        ("set_aside", "programme"),
        ("catch_up", "audience"),
        ("challenge_version", "partnership"),
        ("check_in", "partnership"),
        ("community", "programme"),
        ("flag_case", "audience"),
        ("ruling", "audience"),
        ("staff_note", "audience"),
        ("folder", "audience"),
        ("help_question", "partnership"),
        ("invitation", "community"),
        ("meeting_series", "audience"),
        ("membership", "community"),
        ("notice", "audience"),
        ("partner_organisation", "partnership"),
        ("partner_person", "partnership"),
        ("partnership", "programme"),
        ("expert_request", "audience"),
        ("phase", "programme"),
        ("poll", "audience"),
        ("community_group", "programme"),
        ("community_in_group", "community"),
        ("public_page", "programme"),
        ("team_member", "programme"),
        ("thing_use", "partnership"),
        ("thing", "audience"),
    }


def test_stranger_gets_404(cast: Any, made: SimpleNamespace) -> None:
    for path in (*PATHS, made.duo):
        for who in ("hans", "jan" if path != made.duo else "hans"):
            assert cast.client(who).post(f"{path}/delete").status_code == 404, path
            assert cast.client(who).get(f"{path}/removal").status_code == 404, path


def test_wrong_role_gets_403(cast: Any, made: SimpleNamespace) -> None:
    for who in ("anna", "eva", "gerda"):
        for path in ("/communities/een", "/programmes/proef", made.duo):
            assert cast.client(who).post(f"{path}/delete").status_code == 403, (who, path)
            assert cast.client(who).get(f"{path}/removal").status_code == 403, (who, path)


def test_is_journalled(cast: Any, journal_entries: Any, made: SimpleNamespace) -> None:
    for path in (*PATHS, made.duo):
        cast.client("fons").post(f"{path}/delete")
    for verb, id in (
        ("communities", made.community),
        ("programmes", made.programme),
        ("partnerships", made.partnership),
    ):
        entry = journal_entries(f"{verb}.remove")[-1]
        assert (entry.person_id, entry.object_id) == (cast.fons, id)
    assert journal_entries("partnerships.remove")[-1].details == {"removed": sorted([cast.anna, cast.bram])}
